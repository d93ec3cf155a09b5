"""Guessing is slow: each try is counted before any secret is looked at, in a transaction of its own, so that
many at once are no way around it. Waits grow and end; strong proofs are not counted here."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from math import ceil

from django.db import connection
from django.db.backends.utils import CursorWrapper

from shebaoka.domain.guessing import Ladder
from shebaoka.office.access.choices import Tallied
from shebaoka.office.access.models import Tally
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.sealing import digest

ACT = "access.sign-in"


@dataclass(frozen=True, slots=True)
class Counted:
    """Something that is counted: ``forgets``: the time in which one failure is forgotten, None for never."""

    kind: Tallied
    key: str
    ladder: Ladder
    forgets: timedelta | None = None


_ADDRESS = Ladder(20, timedelta(seconds=15), timedelta(minutes=15), 10**9)
_NETWORK = Ladder(200, timedelta(seconds=5), timedelta(minutes=5), 10**9)
_SHARES = 16
"""Rows that all tries together are counted in: one row would let them pass one by one."""
_ALL = Ladder(5_000 // _SHARES, timedelta(seconds=1), timedelta(seconds=4), 10**9)
_FORGETS = {
    Tallied.ADDRESS: timedelta(minutes=1),
    Tallied.NETWORK: timedelta(seconds=6),
    Tallied.OVERALL: timedelta(milliseconds=200) * _SHARES,
}
_HERS = [Tallied.PERSON.value, Tallied.PROOF.value, Tallied.SENDING.value]
_COUNTED = """
UPDATE access_tally AS kept SET failures = made.failures, waits_until = made.waits_until, last_at = %s
FROM unnest(%s::uuid[], %s::int[], %s::timestamptz[]) AS made (id, failures, waits_until)
WHERE kept.id = made.id
"""
_FORGIVEN = """
WITH held AS (SELECT id, kind FROM access_tally WHERE key = ANY (%s) ORDER BY key FOR UPDATE)
UPDATE access_tally AS kept
SET waits_until = NULL,
    failures = CASE WHEN held.kind = ANY (%s) THEN 0 ELSE greatest(0, kept.failures - 1) END
FROM held WHERE kept.id = held.id
"""


def of_person(number: str, ladder: Ladder, kind: Tallied = Tallied.PERSON) -> Counted:
    """Tries at one number, whether it is anybody's or not."""
    return Counted(kind, digest(number, kind.value), ladder)


def of_origin(address: str) -> list[Counted]:
    """Tries from an address, from its network (/24, /48), and all tries together."""
    share = f"{Tallied.OVERALL.value}-{secrets.randbelow(_SHARES)}"
    found = [Counted(Tallied.OVERALL, share, _ALL, _FORGETS[Tallied.OVERALL])]
    if address:
        width = 24 if ip_address(address).version == 4 else 48
        network = str(ip_network(f"{address}/{width}", strict=False))
        for kind, what, ladder in (
            (Tallied.ADDRESS, address, _ADDRESS),
            (Tallied.NETWORK, network, _NETWORK),
        ):
            found.append(Counted(kind, digest(what, kind.value), ladder, _FORGETS[kind]))
    return found


def reserve(counted: Sequence[Counted]) -> dict[Tallied, int]:
    """Counts one try in each, before the secret is looked at; gives the failures in each if this one fails.
    Raises Refusal ``access.wait``, and then none was counted."""
    ordered = sorted(counted, key=lambda each: each.key)
    now = clock.now()
    with _counting() as cursor:
        Tally.objects.bulk_create(
            [Tally(kind=each.kind, key=each.key, last_at=now) for each in ordered], ignore_conflicts=True
        )
        keys = [each.key for each in ordered]
        rows = {
            row.key: row for row in Tally.objects.select_for_update().filter(key__in=keys).order_by("key")
        }
        waits = [until for row in rows.values() if (until := row.waits_until) and until > now]
        if waits:
            raise Refusal("access.wait", minutes=ceil((max(waits) - now) / timedelta(minutes=1)))
        for each in ordered:
            _count(rows[each.key], each, now)
        found = [rows[key] for key in keys]
        cursor.execute(
            _COUNTED,
            [
                now,
                [row.pk for row in found],
                [row.failures for row in found],
                [row.waits_until for row in found],
            ],
        )
    return {each.kind: rows[each.key].failures for each in ordered}


def _count(row: Tally, counted: Counted, now: datetime) -> None:
    if counted.forgets is not None:
        row.failures = max(0, row.failures - int((now - row.last_at) / counted.forgets))
    row.failures += 1
    row.last_at = now
    wait = counted.ladder.wait(row.failures)
    row.waits_until = now + wait if wait else None


def forgive(counted: Sequence[Counted]) -> None:
    """The try was right: nothing is held against the person; one failure less against where it came from."""
    with _counting() as cursor:
        cursor.execute(_FORGIVEN, [[each.key for each in counted], _HERS])


@contextmanager
def _counting() -> Iterator[CursorWrapper]:
    """A transaction that holds rows which all sign-ins share, and so does not wait for the disk: a crash of
    the server forgets the tries of its last moment, at most."""
    with writing(ACT), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        yield cursor
