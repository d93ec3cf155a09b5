"""A real PostgreSQL for the office's tests, and a small country to act in."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connections

from office.country import Country, found
from office.databases import name_for_this_process, remove_left_over
from office.emptying import tables_may_be_emptied
from shebaoka.office import database
from shebaoka.office.base import clock

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Starts the own server of the office when no DATABASE_URL names another one."""
    chosen = connections["default"].settings_dict
    chosen["TEST"]["NAME"] = name_for_this_process(chosen["TEST"]["NAME"])
    if not settings.CONFIGURATION.database_url:
        folder = settings.CONFIGURATION.path / "postgres"
        url = database.start(folder)
        chosen["HOST"] = database.parameters(url)["HOST"]
        remove_left_over(folder)


@pytest.fixture(scope="session", autouse=True)
def _tables_may_be_emptied() -> Iterator[None]:
    with tables_may_be_emptied():
        yield


@pytest.fixture(autouse=True)
def _the_clock_stands() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def country(db: None) -> Country:
    """A ministry, two invented provinces with a city each, and staff of every role."""
    return found(date(2026, 1, 1), NOW, NOW + timedelta(hours=8))
