"""Orders at once: together they never take more than was approved."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import connection

from office.approval.region import CLERK, TODAY, issuing, order, region_of
from office.conftest import NOW
from office.country import Country, found
from shebaoka.office.approval import services
from shebaoka.office.approval.models import Use
from shebaoka.office.approval.ordering import remaining
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 6


@pytest.fixture
def country(transactional_db: None) -> Country:
    """The same country, committed."""
    return found(date(2026, 1, 1), NOW, NOW + timedelta(hours=8))


@pytest.mark.parametrize("same", [False, True])
def test_orders_at_once(country: Country, same: bool) -> None:
    """1,000 approved: of six orders over 300 each three fit; one sent six times is one."""
    issuing(country)
    actor = country.actor("980100", CLERK)
    together = Barrier(THREADS)

    def one(number: int) -> str:
        reference = "A" if same else f"A-{number}"
        try:
            with clock.at(NOW):
                together.wait(10)
                services.production_reserve(
                    actor, organization=actor.organization, order=order(quantity=300), reference=reference
                )
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()
        return "taken"

    with ThreadPoolExecutor(THREADS) as pool:
        results = sorted(pool.map(one, range(THREADS)))
    expected = ["taken"] * 6 if same else ["approval.over-run"] * 3 + ["taken"] * 3
    assert results == expected
    assert Use.objects.count() == (1 if same else 3)
    assert remaining(region_of(), TODAY) == (700 if same else 100)
