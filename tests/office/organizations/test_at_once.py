"""Two at once: one act, one sign-in, one session; no guess slips through beside another."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from office.conftest import NOW
from office.country import Country, found
from office.organizations.credentials import NUMBER, PASSWORD, code_of, enrolled
from shebaoka.office.audit.models import Row
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.choices import Decision
from shebaoka.office.organizations.models import Organization, StaffSession, Throttle, TwoPersonAct
from shebaoka.office.organizations.services import NewOrganization, second_factor_totp, session_begin, sign_in
from shebaoka.office.organizations.two_persons import check, propose

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def country(transactional_db: None) -> Country:
    """The same country, committed."""
    return found(date(2026, 1, 1), NOW, NOW + timedelta(hours=8))


def at_once(calls: list[Callable[[], object]], later: timedelta = timedelta()) -> list[Any]:
    """What each gives or refuses, all begun together."""
    together = Barrier(len(calls))

    def one(call: Callable[[], object]) -> object:
        try:
            with clock.at(NOW + later):
                together.wait(10)
                return call()
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def test_two_checkers_at_once_do_the_act_once(country: Country) -> None:
    city = country.organizations["980100"]
    new = NewOrganization("980100", "980100-H01", "980100", "hospital", "示例医院")
    made = propose(
        country.actor("980100", "organizations.administrator"), "organizations.organization.add", city, new
    )
    leaders = [country.actor("980100", "organizations.leader", nth) for nth in (1, 2, 3)]
    results = at_once([partial(check, leader, made.pk) for leader in leaders])
    assert sorted(str(each) for each in results if isinstance(each, str)) == ["organizations.decided"] * 2
    assert Organization.objects.filter(code="980100-H01").count() == 1
    assert TwoPersonAct.objects.get().decision == Decision.DONE
    assert Row.objects.filter(act="organizations.organization.add").count() == 1


def test_one_code_at_once_in_two_places_signs_in_once(country: Country) -> None:
    with clock.at(NOW):
        secret, _ = enrolled(country)
    minute = timedelta(minutes=1)
    with clock.at(NOW + minute):
        tickets = [sign_in(number=NUMBER, password=PASSWORD) for _ in range(3)]
        code = code_of(secret)
    results = at_once([partial(second_factor_totp, ticket.pk, code=code) for ticket in tickets], minute)
    assert (
        sorted(str(each) for each in results if isinstance(each, str)) == ["organizations.factor-wrong"] * 2
    )


def test_many_guesses_at_once_are_counted_one_by_one(country: Country) -> None:
    results = at_once([lambda: sign_in(number=NUMBER, password="wrong") for _ in range(8)])
    assert sorted(results) == ["organizations.sign-in-failed"] * 5 + ["organizations.wait"] * 3
    assert [row.failures for row in Throttle.objects.all()] == [5]


def test_two_sessions_begun_at_once_leave_one_open(country: Country) -> None:
    actor = country.actor("980100", "organizations.key-custodian")
    at_once([lambda: session_begin(actor, purpose="盘点") for _ in range(4)])
    assert StaffSession.objects.filter(staff=actor.staff, closed_at=None).count() == 1
