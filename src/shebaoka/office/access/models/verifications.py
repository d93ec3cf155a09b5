"""Identity verification at the counter (个人身份信息核实), for who cannot sign in (Q-4, PW-06)."""

from django.db import models
from django.db.models import Q

from shebaoka.office.access.choices import CaseState, Cause
from shebaoka.office.base.records import Record
from shebaoka.office.organizations.models import Organization, Staff
from shebaoka.office.people.choices import DocumentType
from shebaoka.office.people.models import Person


class Verification(Record):
    """A case. ``number``: of the case; ``typed``: the social security number as she signs in with it;
    ``person``: whom the register has under it, None for nobody; ``due``: the last day by the region's time
    limit; ``elsewhere``: the agency where she is insured."""

    number = models.CharField(max_length=24, unique=True)
    agency = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="verifications")
    region = models.CharField(max_length=6, db_index=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="verifications")
    typed = models.CharField(max_length=18)
    name = models.CharField(max_length=100)
    document_type = models.CharField(max_length=2, choices=DocumentType)
    document_number = models.CharField(max_length=20)
    state = models.CharField(max_length=8, choices=CaseState, default=CaseState.OPEN)
    cause = models.CharField(max_length=10, choices=Cause, blank=True, default="")
    remark = models.CharField(max_length=400, blank=True, default="")
    elsewhere = models.ForeignKey(Organization, null=True, on_delete=models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    due = models.DateField()
    closed_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                name="verification_closed",
                condition=Q(state__in=["open", "found"], closed_at=None)
                | (Q(state__in=["done", "refused"]) & ~Q(closed_at=None)),
            ),
            models.CheckConstraint(
                name="verification_cause", condition=Q(state__in=["open", "refused"]) | ~Q(cause="")
            ),
        ]

    def __str__(self) -> str:
        return self.number
