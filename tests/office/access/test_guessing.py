"""Guessing is slow and never shuts the owner out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import verify_password
from django.db import connection
from django.test.utils import CaptureQueriesContext

from office.access.holders import GOOD, INITIAL, NUMBER, OTHER, changed, covered, holder
from office.country import Country
from office.people.invented import number
from shebaoka.office.access import hashing
from shebaoka.office.access.choices import Proof
from shebaoka.office.access.models import Account, Tally
from shebaoka.office.access.services import (
    activation_code_make,
    password_choose,
    proof_give,
    recovery_begin,
    sign_in,
)
from shebaoka.office.access.services.sessions import Opened
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.actor import system

WRONG = "55081294"


def code_of(number: str = NUMBER, password: str = WRONG, address: str = "") -> str:
    """What the refusal of a try is."""
    with pytest.raises(Refusal) as refusal:
        sign_in(number=number, password=password, address=address)
    return refusal.value.code


def test_waits_grow_and_end(country: Country) -> None:
    changed(country)
    assert [code_of() for _ in range(7)] == ["access.sign-in-failed"] * 6 + ["access.wait"]
    now = clock.now()
    with clock.at(now + timedelta(seconds=61)):
        assert code_of() == "access.sign-in-failed"
    with clock.at(now + timedelta(seconds=122)):
        assert code_of() == "access.wait"
    with clock.at(now + timedelta(seconds=190)):
        assert isinstance(sign_in(number=NUMBER, password=GOOD), Opened)
        assert code_of() == "access.sign-in-failed"


def test_after_a_hundred_the_digits_are_off_and_a_strong_proof_switches_them_on(country: Country) -> None:
    person, _ = changed(country)
    begin = clock.now()
    for nth in range(100):
        with clock.at(begin + timedelta(minutes=31 * nth)):
            assert code_of() == "access.sign-in-failed"
    with clock.at(begin + timedelta(minutes=31 * 101)):
        assert Account.objects.get().off
        assert code_of(password=GOOD) == "access.sign-in-failed"
        first = recovery_begin(number=NUMBER)
        code = activation_code_make(system(country.organizations["980100"]), person=person.pk)
        proof_give(first.pk, proof=Proof.COUNTER, answer=code.code)
        password_choose(first.pk, new=OTHER, told=True)
        assert not Account.objects.get().off
        assert isinstance(sign_in(number=NUMBER, password=OTHER), Opened)


def test_one_address_is_slowed_down_over_many_numbers(country: Country) -> None:
    codes = [code_of(number(sequence=nth), address="192.0.2.7") for nth in range(1, 25)]
    assert "access.wait" in codes
    assert codes.index("access.wait") == 21
    assert code_of(number(sequence=30), address="198.51.100.1") == "access.sign-in-failed"


def test_a_flood_is_shed_and_not_counted(country: Country) -> None:
    changed(country)
    full = patch.object(hashing, "_turns")
    with full as turns:
        turns.acquire.return_value = False
        assert code_of() == "access.busy"
    assert Tally.objects.filter(failures__gt=0).count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_hundred_at_once_reach_a_hash_as_often_as_the_limit_says(country: Country) -> None:
    changed(country)
    tries: list[int] = []

    def counted(password: str, kept: str) -> tuple[bool, bool]:
        tries.append(1)
        return verify_password(password, kept)

    def guess(_: int) -> str:
        try:
            return code_of()
        finally:
            connection.close()

    with patch.object(hashing, "verify_password", counted), ThreadPoolExecutor(16) as pool:
        codes = list(pool.map(guess, range(200)))
    assert len(tries) == codes.count("access.sign-in-failed") == 6
    assert codes.count("access.wait") == 194


def test_every_failure_takes_the_same_path(country: Country) -> None:
    changed(country)
    holder(country, number=number(sequence=5))
    covered(country)
    paths = {}
    for name, typed in {
        "changed": NUMBER,
        "initial": number(sequence=5),
        "nobody's": number(sequence=6),
        "no number": "12345",
        "foreign": "DEU0C01X00T47",
    }.items():
        hashes: list[str] = []

        def verify(password: str, kept: str, hashes: list[str] = hashes) -> tuple[bool, bool]:
            hashes.append("hash")
            return False, False

        def make(password: str, hashes: list[str] = hashes) -> str:
            hashes.append("hash")
            return ""

        with (
            patch.object(hashing, "verify_password", verify),
            patch.object(hashing, "make_password", make),
            CaptureQueriesContext(connection) as queries,
        ):
            assert code_of(typed, address="192.0.2.9") == "access.sign-in-failed"
        paths[name] = (len(queries), hashes)
    assert len({(count, len(hashes)) for count, hashes in paths.values()}) == 1, paths
    assert paths["changed"][1] == ["hash"]


def test_the_number_is_in_no_tally(country: Country) -> None:
    code_of()
    rows = list(Tally.objects.values_list("key", flat=True))
    assert rows
    assert all(NUMBER not in key and INITIAL not in key for key in rows)
