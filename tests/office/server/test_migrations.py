"""Migrations: one process at a time, with time-outs of their own, done whole or not at all."""

from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from shebaoka.office.configuration import ConfigurationError
from shebaoka.office.keeping.connecting import connect
from shebaoka.office.server import prepare

NAME = "sessions.0001_initial"


Session = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
def other(transactional_db: None) -> Iterator[Session]:
    """Another session in the same database; what this one does is committed."""
    with connect(connection.settings_dict) as session:
        yield session


def shown(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        return str(cursor.fetchone()[0])


def test_nothing_to_do_is_nothing_done(other: Session) -> None:
    assert prepare.migrate(settings.CONFIGURATION) == []


def test_time_outs_are_those_of_migrations_and_then_those_of_pages(
    other: Session,
) -> None:
    with prepare._alone(settings.CONFIGURATION):
        assert (shown("lock_timeout"), shown("statement_timeout")) == ("5s", "10min")
    assert (shown("lock_timeout"), shown("statement_timeout")) == ("5s", "30s")


def test_a_second_process_waits_and_then_says_so(other: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "_WAIT_SECONDS", 0.1)
    other.execute("SELECT pg_advisory_lock(%s::bigint)", [prepare._LOCK])
    with pytest.raises(ConfigurationError, match="another process has been migrating"):
        prepare.migrate(settings.CONFIGURATION)
    other.execute("SELECT pg_advisory_unlock(%s::bigint)", [prepare._LOCK])
    assert prepare.migrate(settings.CONFIGURATION) == []


def test_a_table_that_somebody_holds_ends_it_after_three_tries(
    other: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare, "LOCK_SECONDS", 0.1)
    monkeypatch.setattr(prepare, "_PAUSE_SECONDS", 0.05)
    tries = []
    pending = prepare.pending

    def counted() -> list[str]:
        tries.append("again")
        return pending()

    monkeypatch.setattr(prepare, "pending", counted)
    other.execute("LOCK TABLE django_migrations IN ACCESS EXCLUSIVE MODE")
    with pytest.raises(ConfigurationError, match="was not done: canceling statement due to lock timeout"):
        prepare.migrate(settings.CONFIGURATION)
    assert len(tries) == 4  # three, and one to name what was not done
    other.rollback()
    assert prepare.migrate(settings.CONFIGURATION) == []


def test_one_that_fails_is_named_and_leaves_nothing(other: Session) -> None:
    forget = "DELETE FROM django_migrations WHERE app = 'sessions' RETURNING applied"
    ((applied,),) = other.execute(forget).fetchall()
    other.commit()
    try:
        with pytest.raises(ConfigurationError, match=f"migration {NAME} was not done: .*already exists"):
            prepare.migrate(settings.CONFIGURATION)
        assert prepare.pending() == [NAME]
    finally:
        other.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('sessions', '0001_initial', %s)",
            [applied],
        )
        other.commit()
    assert prepare.migrate(settings.CONFIGURATION) == []
