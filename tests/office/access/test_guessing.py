"""Guessing is slow and never shuts the owner out."""

import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import verify_password
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from office.access.holders import GOOD, INITIAL, NUMBER, OTHER, changed, covered, holder
from office.country import Country
from office.people.invented import enroll, number
from shebaoka.domain.guessing import Ladder
from shebaoka.office import settings as office_settings
from shebaoka.office.access import hashing
from shebaoka.office.access.choices import Proof, State
from shebaoka.office.access.models import Account, Tally
from shebaoka.office.access.services import (
    activation_code_make,
    password_choose,
    proof_give,
    recovery_begin,
    sign_in,
)
from shebaoka.office.access.services.sessions import Opened
from shebaoka.office.access.tallies import of_person
from shebaoka.office.base import clock
from shebaoka.office.base.argon2 import Argon2id
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.actor import system
from shebaoka.office.people.models import Person

WRONG = "55081294"
Queries = Callable[[int], AbstractContextManager[object]]
STATES = ("nobody's", "initial", "switched off", "reset", "deceased", "past the date")
ACCOUNTS: dict[str, dict[str, Any]] = {
    "switched off": {"state": State.CHANGED, "hash": "argon2$", "off": True},
    "reset": {"state": State.INITIAL},
}


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

    all_there = threading.Barrier(200)

    def guess(_: int) -> str:
        all_there.wait()
        try:
            return code_of()
        finally:
            connection.close()

    with (
        patch.object(hashing, "verify_password", counted),
        patch.object(hashing, "_places", threading.Semaphore(200)),  # none of them is shed
        patch.object(hashing, "PATIENCE", 60),
        ThreadPoolExecutor(200) as pool,
    ):
        codes = list(pool.map(guess, range(200)))
    assert len(tries) == codes.count("access.sign-in-failed") == 6
    assert codes.count("access.wait") == 194


def test_a_flood_is_shed_before_the_database_is_asked(
    country: Country, client: Client, django_assert_num_queries: Queries
) -> None:
    changed(country)
    full = threading.BoundedSemaphore(1)
    full.acquire()
    with patch.object(hashing, "_places", full), django_assert_num_queries(0):
        assert code_of() == "access.busy"
    words = {"zh-hans": "现在登录的人很多", "en": "Many people", "es": "Muchas personas"}
    for language, said in words.items():
        client.cookies["django_language"] = language
        with patch.object(hashing, "_places", full):
            shed = client.post("/sign-in", {"number": NUMBER, "password": GOOD})
        assert (shed.status_code, shed["Retry-After"]) == (503, "60")
        assert said in shed.content.decode()
    assert isinstance(sign_in(number=NUMBER, password=GOOD), Opened)


def test_all_processes_together_hash_once_a_processor() -> None:
    assert [hashing.hashes_at_once(2, processes) for processes in (1, 2, 4)] == [2, 1, 1]
    assert hashing.hashes_at_once(16, 4) == 4


def test_no_more_than_the_turns_hash_at_once(country: Country) -> None:
    """However many ask."""
    now, most, lock = 0, 0, threading.Lock()

    def slow(password: str) -> str:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.002)
        with lock:
            now -= 1
        return ""

    with (
        patch.object(hashing, "_turns", threading.BoundedSemaphore(2)),
        patch.object(hashing, "make_password", slow),
        ThreadPoolExecutor(16) as pool,
    ):
        list(pool.map(lambda _: hashing.fits(WRONG, ""), range(40)))
    assert most == 2


def test_the_hash_is_as_the_settings_say() -> None:
    assert [f"{Argon2id.__module__}.{Argon2id.__qualname__}"] == office_settings.PASSWORD_HASHERS
    memory, passes, lanes = office_settings.ARGON2
    assert (memory, passes, lanes) >= (19_456, 2, 1)
    made = Argon2id().encode(WRONG, "a" * 22)
    assert made.startswith(f"argon2$argon2id$v=19$m={memory},t={passes},p={lanes}$")
    assert Argon2id().verify(WRONG, made)


def test_every_failure_takes_the_same_path(country: Country) -> None:
    changed(country)
    tries = {"changed": NUMBER, **in_every_state(country)}
    paths = {name: path_of(number) for name, number in tries.items()}
    shape = paths["changed"]
    assert shape.hashes == 1
    assert len(shape.statements) > 8
    assert {name for name, path in paths.items() if path != shape} == set(), paths


def test_after_a_hundred_failures_too(country: Country) -> None:
    """Her digits are off by then; a number of nobody's is answered by as many statements."""
    changed(country)
    with writing("tests.failures"):
        for each in (NUMBER, number(sequence=6)):
            counted = of_person(each, Ladder(6, timedelta(minutes=1), timedelta(minutes=30)))
            Tally.objects.update_or_create(
                kind=counted.kind, key=counted.key, defaults={"failures": 100, "last_at": clock.now()}
            )
    path_of(NUMBER)
    assert Account.objects.get().off
    with clock.at(clock.now() + timedelta(hours=1)):
        assert path_of(NUMBER) == path_of(number(sequence=6))


def in_every_state(country: Country) -> dict[str, str]:
    """Numbers by how they stand towards the portal."""
    found = {name: number(sequence=nth) for nth, name in enumerate(STATES, 5)}
    for name in STATES[1:]:
        holder(country, number=found[name])
    covered(country)
    elsewhere = number(sequence=40)
    foreign = {"number": "USA123456", "sex": "1", "birth": date(1980, 1, 1)}
    enroll(country, "JOHN SMITH", **foreign)
    by_number = {person.number: person for person in Person.objects.all()}
    with writing("tests.states"):
        for name in ("switched off", "reset"):
            person = by_number[found[name]]
            Account.objects.create(person=person, region=person.agency.region, **ACCOUNTS[name])
        Person.objects.filter(number=found["deceased"]).update(died_on=date(2026, 2, 1))
        # the day of the act begins long before the rest, and so is over for one enrolled then
        Person.objects.filter(number=found["past the date"]).update(
            enrolled_at=clock.now() - timedelta(days=900)
        )
    short = found["initial"][:6] + found["initial"][8:17]
    return {
        **found,
        "15 digits": short,
        "another province": elsewhere,
        "foreign": "USA123456",
        "foreign, nobody's": "DEU0C01X00T47",
        "no number": "12345",
        "nothing": "",
    }


@dataclass(frozen=True)
class Path:
    """What a failure asked for: hashes, and statements without their values."""

    hashes: int
    statements: tuple[str, ...]


def path_of(typed: str) -> Path:
    hashes: list[str] = []

    def verify(password: str, kept: str) -> tuple[bool, bool]:
        hashes.append(kept)
        return False, False

    def make(password: str) -> str:
        hashes.append("")
        return ""

    with (
        patch.object(hashing, "verify_password", verify),
        patch.object(hashing, "make_password", make),
        CaptureQueriesContext(connection) as queries,
    ):
        assert code_of(typed, address="") == "access.sign-in-failed"
    return Path(len(hashes), tuple(_shape(query["sql"]) for query in queries))


def _shape(statement: str) -> str:
    """A statement without its values, and lists of values without their length."""
    bare = re.sub(r"'(?:[^']|'')*'(::\w+)?|\b\d+\b", "?", statement)
    return re.sub(r"\(\?(, \?)*\)|s\w{6,}_x\w+", "(?)", bare)


def test_the_number_is_in_no_tally(country: Country) -> None:
    code_of()
    rows = list(Tally.objects.values_list("key", flat=True))
    assert rows
    assert all(NUMBER not in key and INITIAL not in key for key in rows)
