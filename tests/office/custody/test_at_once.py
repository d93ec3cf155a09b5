"""Both halves of a pair at the same moment: one is given, the other refused, whoever comes first."""

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
from office.custody.steps import CUSTODIAN, MOTHER, OPERATOR, TRANSMISSION, Steps
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody.models import Carrier, Holding
from shebaoka.office.organizations.two_persons import check, propose

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def country(transactional_db: None) -> Country:
    """The same country, committed."""
    return found(date(2026, 1, 1), NOW, NOW + timedelta(hours=8))


def at_once(calls: list[Callable[[], object]]) -> list[Any]:
    """What each gives or refuses, all begun together."""
    together = Barrier(len(calls))

    def one(call: Callable[[], object]) -> object:
        try:
            with clock.at(NOW):
                together.wait(10)
                return call()
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def test_one_operator_asks_for_both_and_gets_one(steps: Steps) -> None:
    steps.received()
    province = steps.country.organizations["980000"]
    waiting = []
    for serial, seal, first in ((MOTHER, "F1", 1), (TRANSMISSION, "F2", 2)):
        out = propose(
            steps.actor("980000", OPERATOR), "custody.carrier.take-out", province, steps.taking(serial, seal)
        )
        waiting.append(check(steps.actor("980000", CUSTODIAN, first), out.pk))
    third = steps.actor("980000", CUSTODIAN, 3)
    results = at_once([partial(check, third, each.pk) for each in waiting])
    assert results.count("custody.both-halves") == 1
    assert Carrier.objects.filter(status="out").count() == 1
    assert Holding.objects.filter(capacity="taker", until=None).count() == 1
