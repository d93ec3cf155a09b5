"""The log of uses (领用登记): out and in with two signatures each, and the steps in between (R-28, K-10)."""

from django.db import models
from django.db.models import F, Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.custody.models.carriers import Carrier
from shebaoka.office.custody.models.triggers import final, kept, once
from shebaoka.office.organizations.models import Organization, Staff


class Movement(Record):
    """A carrier is taken from its place and brought back. ``due_at``: when it is to be back (R-53);
    ``approval``: number of the leader's approval."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="movements")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="movements")
    purpose = models.CharField(max_length=200)
    approval = models.CharField(max_length=60)
    taker = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    out_at = models.DateTimeField()
    due_at = models.DateTimeField()
    out_a = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    out_b = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    seal_out = models.CharField(max_length=20)
    in_at = models.DateTimeField(null=True)
    in_a = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    in_b = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    seal_in = models.CharField(max_length=20, blank=True)
    remark = models.CharField(max_length=400, blank=True)
    alarmed_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                name="movement_two_sign_out",
                condition=~Q(out_a=F("out_b")) & ~Q(taker=F("out_a")) & ~Q(taker=F("out_b")),
            ),
            models.CheckConstraint(
                name="movement_two_sign_in",
                condition=Q(in_at=None, in_a=None, in_b=None)
                | ~Q(in_at=None)
                & ~Q(in_a=None)
                & ~Q(in_b=None)
                & ~Q(in_a=F("in_b"))
                & ~Q(in_a=F("taker"))
                & ~Q(in_b=F("taker")),
            ),
            models.CheckConstraint(
                name="movement_times",
                condition=Q(due_at__gt=F("out_at")) & (Q(in_at=None) | Q(in_at__gte=F("out_at"))),
            ),
            models.CheckConstraint(name="movement_reasons", condition=~Q(purpose="") & ~Q(approval="")),
            models.UniqueConstraint("carrier", condition=Q(in_at=None), name="movement_one_open"),
        ]
        triggers = [
            noted(),
            kept(
                "a movement",
                *("carrier_id", "organization_id", "purpose", "approval", "taker_id", "out_at", "due_at"),
                *("out_a_id", "out_b_id", "seal_out"),
                more=once("in_at", "in_a_id", "in_b_id", "seal_in", "remark", "alarmed_at"),
            ),
        ]


class MovementStep(Record):
    """A step of the procedure that was done with the carrier. ``name``: of ``procedures.toml``."""

    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    remark = models.CharField(max_length=200, blank=True)

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint("movement", "number", name="movement_step_once")]
        triggers = [noted(), final("a step")]
