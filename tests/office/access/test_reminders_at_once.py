"""Two runs of the nightly reminders at once, and one that dies in between: nobody is told twice."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from office.access.holders import covered
from office.conftest import NOW
from office.country import Country
from office.people.invented import enroll, number
from shebaoka.office.access import sending
from shebaoka.office.access.jobs import reminders
from shebaoka.office.access.models import Notice
from shebaoka.office.access.services import reminding
from shebaoka.office.base import clock
from shebaoka.office.people.services import Contact

HOLDERS, PORTION = 12, 3


@pytest.fixture
def told(country: Country, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Telephones that got a message, of a region where all have the initial password; portions are small."""
    for nth in range(HOLDERS):
        contact = Contact(phone=f"139000000{nth:02}")
        enroll(country, "王强", number=number(sequence=nth + 1), contact=contact)
    covered(country)
    found: list[str] = []

    def sender(phone: str, text: str) -> str:
        found.append(phone)
        return "told"

    monkeypatch.setattr(sending, "SENDER", [sender])
    monkeypatch.setattr(reminding, "PORTION", PORTION)
    return found


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_tell_everybody_once(told: list[str]) -> None:
    both_there = threading.Barrier(2)

    def run(_: int) -> None:
        try:
            with clock.at(NOW):
                both_there.wait()
                reminders()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, range(2)))
    assert sorted(told) == [f"139000000{nth:02}" for nth in range(HOLDERS)]
    assert Counter(Notice.objects.values_list("proof", flat=True)) == {"told": HOLDERS}


class Died(BaseException):
    """The process ends here; nothing of it goes on."""


@pytest.mark.parametrize("after", [0, 1, 4, HOLDERS])
def test_one_that_dies_while_it_sends_tells_nobody_twice(
    told: list[str], monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """Who was claimed in its portion and not told is told the next day; the rest by the run after it."""
    [sender] = sending.SENDER

    def dying(phone: str, text: str) -> str:
        if len(told) == after:
            raise Died
        return sender(phone, text)

    monkeypatch.setattr(sending, "SENDER", [dying])
    if after < HOLDERS:
        with pytest.raises(Died):
            reminders()
    else:
        reminders()
    monkeypatch.setattr(sending, "SENDER", [sender])
    reminders()
    assert set(Counter(told).values()) == {1}
    assert len(told) >= HOLDERS - PORTION
    with clock.at(clock.now() + timedelta(days=1)):
        reminders()
    assert sorted(told) == [f"139000000{nth:02}" for nth in range(HOLDERS)]


def test_one_that_dies_after_a_message_repeats_that_one_at_most(
    told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody can tell whether it came."""
    [sender] = sending.SENDER

    def dying(phone: str, text: str) -> str:
        sender(phone, text)
        if len(told) == 5:
            raise Died
        return "told"

    monkeypatch.setattr(sending, "SENDER", [dying])
    with pytest.raises(Died):
        reminders()
    for days in (0, 1):
        with clock.at(clock.now() + timedelta(days=days)):
            reminders()
    assert Counter(told).most_common(2) == [(told[4], 2), (told[0], 1)]
    assert len(set(told)) == HOLDERS
