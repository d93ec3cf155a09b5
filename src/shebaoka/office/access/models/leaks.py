"""Leak cases: data of a holder became known, and who answers for it (Q-5, PW-08)."""

from django.db import models
from django.db.models import Q

from shebaoka.office.access.choices import LeakCause
from shebaoka.office.base.records import Record, noted
from shebaoka.office.base.triggers import kept, once
from shebaoka.office.organizations.models import Organization, Staff
from shebaoka.office.people.models import Person


class LeakCase(Record):
    """``told``: what happened, in the holder's words or the clerk's; ``opened_by`` None: by the holder on the
    portal; ``collected``: what was known when it was opened: state of the password, notices, sign-ins, reads;
    ``cause`` and ``decision`` with ``decided_at``: by two persons."""

    number = models.CharField(max_length=24, unique=True)
    agency = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="leak_cases")
    region = models.CharField(max_length=6, db_index=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="leak_cases")
    told = models.CharField(max_length=1000)
    collected = models.JSONField()
    opened_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    cause = models.CharField(max_length=12, choices=LeakCause, blank=True, default="")
    decision = models.CharField(max_length=1000, blank=True, default="")
    decided_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                name="leak_decided",
                condition=Q(cause="", decision="", decided_at=None)
                | (~Q(cause="") & ~Q(decision="") & ~Q(decided_at=None)),
            ),
            models.CheckConstraint(name="leak_cause", condition=Q(cause__in=["", *LeakCause.values])),
            models.CheckConstraint(name="leak_told", condition=~Q(told="")),
        ]
        triggers = [
            noted(),
            kept(
                "a leak case",
                "number",
                "person_id",
                "told",
                "collected",
                "opened_at",
                more=once("decided_at"),
            ),
        ]

    def __str__(self) -> str:
        return self.number
