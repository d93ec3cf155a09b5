"""A real PostgreSQL for the office's tests, and a small country to act in."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connections
from pytest_django import DjangoDbBlocker

from office.country import Country, found
from office.databases import Server, name_for_this_process
from office.emptying import tables_may_be_emptied
from shebaoka.office import database
from shebaoka.office.base import clock

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Server | None:
    """Starts the own server of the office when no DATABASE_URL names another one."""
    chosen = connections["default"].settings_dict
    chosen["TEST"]["NAME"] = name_for_this_process(chosen["TEST"]["NAME"])
    if settings.CONFIGURATION.database_url:
        return None
    folder = settings.CONFIGURATION.path / "postgres"
    url = database.start(folder)
    chosen["HOST"] = database.parameters(url)["HOST"]
    server = Server(folder)
    chosen["TEST"]["TEMPLATE"] = server.template if server.has_template else None
    return server


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_modify_db_settings: Server | None, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """What migrations made in this process serves the next ones; without a test that asks, none was made."""
    chosen = connections["default"].settings_dict
    if django_db_modify_db_settings:
        with django_db_blocker.unblock():
            connections["default"].close()
        made = chosen["NAME"] == chosen["TEST"]["NAME"]
        django_db_modify_db_settings.keep(chosen["NAME"] if made else None)


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
