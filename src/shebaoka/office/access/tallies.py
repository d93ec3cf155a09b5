"""Guessing is slow: each try is counted before any secret is looked at, in a transaction of its own, so that
many at once are no way around it. Waits grow and end; strong proofs are not counted here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from math import ceil

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
_OVERALL = Ladder(5_000, timedelta(seconds=1), timedelta(seconds=4), 10**9)
_FORGETS = {
    Tallied.ADDRESS: timedelta(minutes=1),
    Tallied.NETWORK: timedelta(seconds=6),
    Tallied.OVERALL: timedelta(milliseconds=200),
}


def of_person(number: str, ladder: Ladder, kind: Tallied = Tallied.PERSON) -> Counted:
    """Tries at one number, whether it is anybody's or not."""
    return Counted(kind, digest(number, kind.value), ladder)


def of_origin(address: str) -> list[Counted]:
    """Tries from an address, from its network (/24, /48), and all tries together."""
    found = [Counted(Tallied.OVERALL, Tallied.OVERALL.value, _OVERALL, _FORGETS[Tallied.OVERALL])]
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
    with writing(ACT):
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
        Tally.objects.bulk_update(rows.values(), ["failures", "last_at", "waits_until"])
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
    with writing(ACT):
        for row in (
            Tally.objects.select_for_update().filter(key__in=[each.key for each in counted]).order_by("key")
        ):
            mine = row.kind in {Tallied.PERSON, Tallied.PROOF, Tallied.SENDING}
            row.failures = 0 if mine else max(0, row.failures - 1)
            row.waits_until = None
            row.save(update_fields=["failures", "waits_until"])
