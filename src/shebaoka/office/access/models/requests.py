"""What a holder asks of her agency on the portal, and statements she took from it."""

from django.db import models
from django.db.models import Q

from shebaoka.office.access.choices import RequestState
from shebaoka.office.base.records import Record, noted
from shebaoka.office.base.triggers import final
from shebaoka.office.organizations.models import Organization, Staff
from shebaoka.office.people.models import Person


class CorrectionRequest(Record):
    """Something in the register is wrong, she says. The register itself changes only by its own acts, with
    evidence; ``answer``: what the agency did or why not."""

    agency = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="correction_requests")
    region = models.CharField(max_length=6, db_index=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="correction_requests")
    wrong = models.CharField(max_length=200)
    right = models.CharField(max_length=400)
    state = models.CharField(max_length=8, choices=RequestState, default=RequestState.OPEN)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=400, blank=True, default="")
    answered_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                name="correction_answered",
                condition=Q(state="open", answered_at=None, answer="")
                | (~Q(state="open") & ~Q(answered_at=None) & ~Q(answer="")),
            )
        ]


class Statement(Record):
    """A statement a holder took: ``code``: SHA-256 of the code on it; ``content``: what it says, as
    canonical JSON; ``signature``: Ed25519 of it by the key of the office's checkpoints, hex."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="statements")
    code = models.CharField(max_length=64, unique=True)
    content = models.TextField()
    signature = models.CharField(max_length=128)
    at = models.DateTimeField()

    class Meta(Record.Meta):
        triggers = [noted(), final("a statement")]
