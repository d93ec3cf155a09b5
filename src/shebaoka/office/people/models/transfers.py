"""A person's insured place moves to another agency (关系转移): asked for there, released where she was."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.organizations.models import Organization, Staff
from shebaoka.office.people.choices import TransferState
from shebaoka.office.people.models.persons import Person

_ASKED = """
IF TG_OP = 'DELETE' OR OLD.state <> 'waiting'
    OR (NEW.person_id, NEW.giving_id, NEW.receiving_id, NEW.reason, NEW.asked_by_id, NEW.asked_at)
    IS DISTINCT FROM
    (OLD.person_id, OLD.giving_id, OLD.receiving_id, OLD.reason, OLD.asked_by_id, OLD.asked_at) THEN
    RAISE EXCEPTION 'what was asked and decided about a transfer stays';
END IF;
RETURN NEW;
"""


class Transfer(Record):
    """Asked by the agency that receives the person, decided by the one she leaves. ``remark``: why it was
    refused or taken back."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="transfers")
    giving = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    receiving = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=400)
    asked_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=TransferState, default=TransferState.WAITING)
    remark = models.CharField(max_length=400, blank=True, default="")
    decided_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("person", condition=Q(state="waiting"), name="transfer_one_waiting"),
            models.CheckConstraint(name="transfer_moves", condition=~Q(giving=F("receiving"))),
            models.CheckConstraint(
                name="transfer_two",
                condition=Q(state="withdrawn") | Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="transfer_decided",
                condition=Q(state="waiting", decided_at=None, decided_by=None)
                | ~Q(state="waiting") & ~Q(decided_at=None),
            ),
        ]
        triggers = [
            noted(),
            pgtrigger.Trigger(
                name="asked",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_ASKED,
            ),
        ]
