"""What must be so for the office to work: database, schema, disk, clock."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.db import DatabaseError, connection

from shebaoka.office.server.prepare import pending

LEAST_DISK = 512 * 1024 * 1024  # bytes; below it PostgreSQL may soon stop
MOST_SKEW = 30.0  # seconds between this clock and the database's


@dataclass(frozen=True, slots=True)
class Check:
    """One check: ``note`` says what was found, and what to do when it is not ok."""

    name: str
    ok: bool
    note: str


def readiness() -> list[Check]:
    """All checks. None raises: a check that cannot be made has failed."""
    found = [_guarded("database", _database)]
    if found[0].ok:
        found += [_guarded("schema", _schema), _guarded("clock", _clock)]
    found.append(_guarded("disk", _disk))
    return found


def history() -> list[Check]:
    """What is wrong in what was recorded: to be told, no reason not to serve."""
    return [_guarded("records", _records)]


def _guarded(name: str, check: Callable[[], tuple[bool, str]]) -> Check:
    try:
        return Check(name, *check())
    except (DatabaseError, OSError) as error:
        return Check(name, False, f"{type(error).__name__}: see docs/runbooks")


def _database() -> tuple[bool, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), pg_is_in_recovery()")
        version, standby = cursor.fetchone()
    return not standby, f"PostgreSQL {version}" + (", a standby: writes are not possible" if standby else "")


def _schema() -> tuple[bool, str]:
    missing = pending()
    return (
        not missing,
        "up to date" if not missing else f"{len(missing)} migrations to do, {missing[0]} first",
    )


def _clock() -> tuple[bool, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (theirs,) = cursor.fetchone()
    skew = abs((theirs - datetime.now(UTC)).total_seconds())
    return skew <= MOST_SKEW, f"{skew:.1f} s from the database's clock"


def _records() -> tuple[bool, str]:
    """A record of the future means that the clock was wrong then, or is wrong now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_row WHERE at > clock_timestamp() + interval '1 minute'")
        (ahead,) = cursor.fetchone()
    return ahead == 0, "none from the future" if ahead == 0 else f"{ahead} records are from the future"


def _disk() -> tuple[bool, str]:
    folder = settings.CONFIGURATION.path
    free = shutil.disk_usage(folder).free
    writable = os.access(folder, os.W_OK)
    note = f"{free // (1024 * 1024)} MiB free in {folder}"
    return free >= LEAST_DISK and writable, note if writable else f"{folder} cannot be written to"
