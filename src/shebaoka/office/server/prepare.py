"""What is done before the office serves: Django set up, the schema brought up to date, static files
collected."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from shebaoka.office import database
from shebaoka.office.configuration import Configuration, ConfigurationError

T = TypeVar("T")
_SETTINGS = "shebaoka.office.settings"
_LOCK = 0x5348_4542  # one number for all offices on one server: migrations are rare
_WAIT_SECONDS = 60
_TRIES = 3
_PAUSE_SECONDS = 1
_LOCKED = "55P03"  # lock_not_available
LOCK_SECONDS = 5


def setup() -> None:
    """Django, with the office's settings. May be called again."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", _SETTINGS)
    django.setup()


@contextmanager
def running_database(configuration: Configuration) -> Iterator[None]:
    """Within, the database runs: the own one is started, and stopped again unless others use it."""
    if not configuration.database_url:
        database.start(configuration.path / database.FOLDER)
    try:
        yield
    finally:
        _disconnect()
        database.stop()


def migrate(configuration: Configuration) -> list[str]:
    """Brings the schema up to date; gives the names of the migrations it did.

    One process at a time: others wait a minute. A migration that waits for a table longer than five seconds
    is tried again twice, so that it never holds up the office behind it. Each is a transaction of its own.
    Raises ConfigurationError, and then the one it names is not done."""
    from django.core.management import call_command

    with _alone(configuration):
        planned = _patiently(pending)
        _patiently(lambda: call_command("migrate", interactive=False, verbosity=0))
    return planned


def _patiently(step: Callable[[], T]) -> T:
    """A step of the upgrade; one that another session keeps from a table is tried again."""
    from django.db import DatabaseError

    left = _TRIES
    while True:
        left -= 1
        try:
            return step()
        except DatabaseError as error:
            if not left or _sqlstate(error) != _LOCKED:
                reason = " ".join(str(error).split())
                raise ConfigurationError(f"{_not_done()} was not done: {reason}") from error
            time.sleep(_PAUSE_SECONDS)


def _not_done() -> str:
    """The migration that comes next, as far as the database says."""
    from django.db import DatabaseError

    try:
        return f"migration {pending()[0]}"
    except (DatabaseError, IndexError):
        return "the upgrade"


def pending() -> list[str]:
    """Migrations that are still to be done, as ``part.name``."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def collect_static() -> None:
    """Static files of all parts into the folder they are served from."""
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)


@contextmanager
def _alone(configuration: Configuration) -> Iterator[None]:
    """A connection with the time-outs of migrations, and the lock that lets one process migrate."""
    from django.db import OperationalError, connection

    _disconnect()
    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = " ".join(str(error.__cause__ or error).split())
        raise ConfigurationError(f"the database does not answer: {reason}") from error
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{LOCK_SECONDS}s"])
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, false)", [f"{configuration.migration_seconds}s"]
        )
        until = time.monotonic() + _WAIT_SECONDS
        while True:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
            row = cursor.fetchone()
            if row and row[0]:
                break
            if time.monotonic() > until:
                raise ConfigurationError(
                    "another process has been migrating this database for a minute: wait for it, or look for"
                    " it in pg_stat_activity"
                )
            time.sleep(0.5)
    try:
        yield
    finally:
        _disconnect()  # ends the session, and with it the lock and the time-outs


def _disconnect() -> None:
    """Closes this process's connections for good, pooled ones too."""
    from django.apps import apps
    from django.db import connections
    from django.db.backends.postgresql.base import DatabaseWrapper

    if not apps.ready:
        return
    for connection in connections.all(initialized_only=True):
        connection.close()
        if isinstance(connection, DatabaseWrapper):
            close_pool: Callable[[], None] = getattr(connection, "close_pool")  # noqa: B009 - not in the stubs
            close_pool()


def _sqlstate(error: BaseException) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)
