"""Guessing is slow: after some failures in a row one waits, each time twice as long.

A failure is counted before the secret is looked at, in a transaction of its own, so that many tries at once
are no way around it."""

from datetime import timedelta
from math import ceil

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.limits import limit
from shebaoka.office.organizations.models import Throttle
from shebaoka.office.organizations.sealing import digest

ACT = "organizations.sign-in"


def attempt(kind: str, what: str, free: int) -> str:
    """Counts a try at ``what`` and gives the key for :func:`succeeded`. Raises Refusal while it has to
    wait."""
    key, now = digest(what, kind), clock.now()
    longest = timedelta(minutes=limit("longest-wait-minutes"))
    with writing(ACT):
        Throttle.objects.bulk_create([Throttle(key=key, last_at=now)], ignore_conflicts=True)
        row = Throttle.objects.select_for_update().get(key=key)
        blocked = row.blocked_until
        if blocked is None or blocked <= now:
            if now - row.last_at > 2 * longest:
                row.failures = 0
            row.failures += 1
            row.last_at = now
            row.blocked_until = None
            if row.failures >= free:
                # 2^10 minutes is beyond every bound of the wait
                wait = timedelta(minutes=2 ** min(row.failures - free, 10))
                row.blocked_until = now + min(wait, longest)
            row.save()
            blocked = None
    if blocked is not None:
        raise Refusal("organizations.wait", minutes=ceil((blocked - now) / timedelta(minutes=1)))
    return key


def succeeded(key: str) -> None:
    """The try was right: nothing is held against it."""
    Throttle.objects.filter(key=key).update(failures=0, blocked_until=None)


def excused(key: str) -> None:
    """The try was right, which says nothing about others from the same address: one failure less."""
    row = Throttle.objects.select_for_update().get(key=key)
    row.failures = max(0, row.failures - 1)
    row.blocked_until = None
    row.save()
