"""Who acts on the portal for somebody else: an agent with a mandate, a guardian by the register."""

from django.db import models
from django.db.models import F, Q

from shebaoka.office.access.choices import MandateEnd
from shebaoka.office.access.models.sessions import PortalSession
from shebaoka.office.base.records import Record, noted
from shebaoka.office.base.triggers import kept, once
from shebaoka.office.organizations.models import Organization, Staff
from shebaoka.office.people.models import Person


class Mandate(Record):
    """``agent`` acts for ``holder`` from ``since`` to ``until``, both days included, within ``scopes``
    (:mod:`shebaoka.office.access.scopes`). ``document``: the written mandate, when it was recorded at a
    counter by ``recorded_by``; empty when the holder gave it on the portal (PW-10)."""

    holder = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mandates_given")
    agent = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mandates_held")
    agency = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="mandates")
    region = models.CharField(max_length=6, db_index=True)
    scopes = models.JSONField()
    since = models.DateField()
    until = models.DateField()
    document = models.CharField(max_length=200, blank=True, default="")
    recorded_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    ended_by = models.CharField(max_length=8, choices=MandateEnd, blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(name="mandate_two", condition=~Q(holder=F("agent"))),
            models.CheckConstraint(name="mandate_days", condition=Q(until__gte=F("since"))),
            models.CheckConstraint(
                name="mandate_paper",
                condition=Q(document="", recorded_by=None) | (~Q(document="") & ~Q(recorded_by=None)),
            ),
            models.CheckConstraint(
                name="mandate_ended",
                condition=Q(ended_by="", ended_at=None) | (~Q(ended_by="") & ~Q(ended_at=None)),
            ),
            models.CheckConstraint(name="mandate_end", condition=Q(ended_by__in=["", *MandateEnd.values])),
        ]
        triggers = [
            noted(),
            kept(
                "a mandate",
                "holder_id",
                "agent_id",
                "scopes",
                "since",
                "until",
                "document",
                "given_at",
                more=once("ended_at"),
            ),
        ]

    def __repr__(self) -> str:
        return f"<mandate {self.pk}>"


class Representing(Record):
    """For whom a session acts just now, by a mandate or, without one, as her guardian. There is no row while
    who is signed in acts for herself."""

    session = models.OneToOneField(PortalSession, on_delete=models.PROTECT, related_name="representing")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    mandate = models.ForeignKey(Mandate, null=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
