"""Sessions of holders on the portal."""

from datetime import datetime, timedelta

from django.db import models

from shebaoka.office.access.choices import Proof
from shebaoka.office.base import clock
from shebaoka.office.base.records import Record
from shebaoka.office.people.models import Person


class PortalSession(Record):
    """``digest``: of the cookie's value; ``proof``: what it began with beside the password, or a strong one
    later, empty for none; ``masked_until``: details stay masked so long; ``strong_until``: stepped up so
    long; ``idle_minutes``: it ends after so many without a page; ``agent``: the browser as it calls
    itself."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="portal_sessions")
    digest = models.CharField(max_length=64, unique=True)
    proof = models.CharField(max_length=8, choices=Proof, blank=True, default="")
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    idle_minutes = models.PositiveSmallIntegerField(default=15)
    ended_at = models.DateTimeField(null=True)
    masked_until = models.DateTimeField(null=True)
    strong_until = models.DateTimeField(null=True)
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, blank=True, default="")

    class Meta(Record.Meta):
        indexes = [
            models.Index(fields=["person"], name="portal_session_open_ix", condition=models.Q(ended_at=None))
        ]

    represented: Person | None = None
    """For whom it acts just now, put there by ``services.represented``; None for its own holder."""
    scopes: tuple[str, ...] | None = None
    """What it may do for her; None for its own holder."""

    @property
    def whom(self) -> Person:
        """Whose data its pages are about."""
        return self.represented or self.person

    @property
    def idles_until(self) -> datetime:
        """When it ends unless a page is asked for before."""
        return min(self.ends_at, self.seen_at + timedelta(minutes=self.idle_minutes))

    @property
    def left(self) -> int:
        """Seconds until then."""
        return max(0, int((self.idles_until - clock.now()).total_seconds()))

    def __repr__(self) -> str:
        return f"<portal session {self.pk}>"
