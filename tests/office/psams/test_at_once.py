"""Two persons at the same moment: one PSAM goes one way, the other is refused, the chain holds."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from office.conftest import NOW
from office.country import Country, found
from office.psams.world import CITY, HOSPITAL, KEEPER, LEADER, OFFICER, World, made, serial, terminal
from shebaoka.office.audit.inspection import verify_database
from shebaoka.office.audit.models import Row
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.incidents.models import Incident
from shebaoka.office.organizations.two_persons import check, propose
from shebaoka.office.psams import services
from shebaoka.office.psams.choices import Purpose, Status
from shebaoka.office.psams.models import BlockList, Destruction, DestructionLine, Host, Issue, Loss, Use
from shebaoka.office.psams.services import Counters, DestructionList, NewHost, NewIssue, host_check

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def country(transactional_db: None) -> Country:
    """The same country, committed."""
    return found(date(2026, 1, 1), NOW, NOW + timedelta(hours=8))


@pytest.fixture
def world(country: Country) -> World:
    return made(country, NOW, NOW + timedelta(hours=8))


def at_once(*calls: Callable[[], object], time: datetime = NOW) -> list[Any]:
    """What each gives, or the code of its refusal, all begun together."""
    together = Barrier(len(calls))

    def one(call: Callable[[], object]) -> object:
        try:
            with clock.at(time):
                together.wait(10)
                return call()
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def refusals(results: list[Any]) -> list[str]:
    return sorted(each for each in results if isinstance(each, str))


def test_two_clerks_issue_the_same_psam_at_once(world: World) -> None:
    """Each for another window; both were proposed while it lay in stock."""
    world.stocked(1)
    world.place("W1")
    world.place_only("W2")
    waiting: list[UUID] = []
    for nth, place in ((1, "W1"), (2, "W2")):
        new = NewIssue(CITY, serial(1), HOSPITAL, place, world.keepers[0].number, Purpose.PURCHASE)
        clerk = world.by(CITY, KEEPER, nth)
        waiting.append(propose(clerk, "psams.psam.issue", clerk.organization, new).pk)
    officers = [world.by(CITY, OFFICER, nth) for nth in (1, 2)]
    results = at_once(*(partial(check, by, pk) for by, pk in zip(officers, waiting, strict=True)))
    assert refusals(results) == ["psams.not-now"]
    issue = Issue.objects.get()
    assert world.psam().status == Status.ISSUED
    assert world.psam().events.filter(after=Status.ISSUED).count() == 1
    assert Row.objects.filter(act="psams.psam.issue").count() == 1
    assert issue.place.code in ("W1", "W2")
    assert verify_database().good


def test_the_last_terminal_of_a_place_is_given_once(world: World) -> None:
    """Two PSAMs for a window with one terminal, none in reserve."""
    world.stocked(2)
    world.place("W1")
    waiting = []
    for nth in (1, 2):
        new = NewIssue(CITY, serial(nth), HOSPITAL, "W1", world.keepers[0].number, Purpose.PURCHASE)
        clerk = world.by(CITY, KEEPER, nth)
        waiting.append(propose(clerk, "psams.psam.issue", clerk.organization, new).pk)
    by = [world.by(CITY, OFFICER, nth) for nth in (1, 2)]
    results = at_once(*(partial(check, each, pk) for each, pk in zip(by, waiting, strict=True)))
    assert Issue.objects.count() + len(refusals(results)) == 2
    assert set(refusals(results)) <= {"psams.place-full"}
    assert verify_database().good


def test_lost_and_used_at_once_it_ends_lost_and_listed(world: World) -> None:
    world.active(1)
    lose = partial(
        services.loss_report,
        world.keeper(),
        serial=serial(1),
        missing_since=NOW,
        circumstances="换班时未找到",
    )
    results = at_once(lose, lose, partial(world.use, 6, 6))
    assert refusals(results) == ["psams.not-now"]
    assert world.psam().status == Status.LOST
    assert Loss.objects.count() == 1
    assert terminal(1) in BlockList.objects.latest("version").content
    assert Incident.objects.filter(kind="psam-lost").count() == 1
    assert verify_database().good


def test_a_question_sent_by_two_lines_at_once_counts_once(world: World) -> None:
    world.active(1)
    officer = world.by(CITY, OFFICER)
    world.two(officer, "psams.host.add", NewHost(CITY, "结算"), world.by(CITY, LEADER))
    counters = Counters(terminal(1), HOSPITAL, "W1", 6, 6)
    ask = partial(host_check, Host.objects.get(), serial=serial(1), counters=counters, reference=uuid4())
    results = at_once(*[ask] * 4)
    assert {use.verdict for use in results} == {"good"}
    assert Use.objects.filter(host__isnull=False).count() == 1
    # two transactions with one counter: one of them is a replay
    same = Counters(terminal(1), HOSPITAL, "W1", 7, 7)
    results = at_once(*(partial(ask, counters=same, reference=uuid4()) for _ in range(2)))
    assert sorted(use.verdict for use in results) == ["backwards", "good"]
    assert world.psam().status == Status.FROZEN
    assert verify_database().good


def test_wiped_by_two_at_once_the_chip_is_wiped_once(world: World) -> None:
    world.stocked(1)
    wanted = DestructionList(CITY, (serial(1),), "停用")
    world.two(world.by(CITY, KEEPER), "psams.destruction.approve", wanted, world.by(CITY, LEADER))
    wiped: list[str] = []
    wipe = [
        partial(
            services.psam_wipe,
            world.by(CITY, role, nth),
            serial=serial(1),
            wiper=lambda psam: wiped.append(psam.serial),
        )
        for role, nth in ((KEEPER, 1), ("key-administrator", 1))
    ]
    results = at_once(*wipe)
    assert refusals(results) == ["psams.wiped"]
    assert wiped == [serial(1)]
    assert DestructionLine.objects.get().wiped_how == "chip"
    assert Destruction.objects.count() == 1
    assert verify_database().good


def test_the_nights_job_at_once_on_two_machines_reminds_once(world: World) -> None:
    from shebaoka.office.psams.jobs import deadlines

    world.active(1)
    later = datetime(2031, 6, 1, 2, tzinfo=UTC)
    at_once(deadlines, deadlines, time=later)
    assert world.psam().status == Status.EXPIRED
    assert world.psam().events.filter(after=Status.EXPIRED).count() == 1
    assert world.psam().recalls.count() == 1
    assert verify_database().good
