"""The register of custodians (保管人登记): appointment, undertaking, training, change (domain practice)."""

from django.db import models
from django.db.models import F, Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.custody.choices import IdentityKind, Secrecy
from shebaoka.office.custody.models.triggers import final, kept, once
from shebaoka.office.organizations.models import Organization, Staff


class Keeper(Record):
    """A custodian from her appointment until she hands over. ``identity_end``: the last four characters of
    the document she showed; ``phone_off``: where she is reached out of hours; ``undertaking``: number of the
    signed confidentiality undertaking; ``secrecy_after``: of the one she signs when she leaves."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="keepers")
    person = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="keeper_records")
    document = models.CharField(max_length=60)
    appointed_on = models.DateField()
    duties = models.CharField(max_length=200)
    identity_kind = models.CharField(max_length=12, choices=IdentityKind)
    identity_end = models.CharField(max_length=4)
    phone = models.CharField(max_length=30)
    phone_off = models.CharField(max_length=30)
    clearance = models.CharField(max_length=12, choices=Secrecy, default=Secrecy.NONE)
    undertaking = models.CharField(max_length=60)
    undertaking_on = models.DateField()
    deputy = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    appointed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    left_on = models.DateField(null=True)
    secrecy_after = models.CharField(max_length=60, blank=True, default="")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("person", condition=Q(left_on=None), name="keeper_once"),
            models.CheckConstraint(name="keeper_deputy", condition=~Q(deputy=F("person")) | Q(deputy=None)),
            models.CheckConstraint(
                name="keeper_two_persons",
                condition=~Q(proposed_by=F("appointed_by")) & ~Q(appointed_by=F("person")),
            ),
            models.CheckConstraint(name="keeper_left", condition=Q(left_on=None) | ~Q(secrecy_after="")),
        ]
        triggers = [
            noted(),
            kept(
                "a custodian",
                *("organization_id", "person_id", "document", "appointed_on", "identity_kind"),
                *("identity_end", "undertaking", "undertaking_on", "proposed_by_id", "appointed_by_id"),
                more=once("left_on", "secrecy_after"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)


class Training(Record):
    """A training of a custodian."""

    keeper = models.ForeignKey(Keeper, on_delete=models.PROTECT, related_name="trainings")
    held_on = models.DateField()
    subject = models.CharField(max_length=200)
    hours = models.PositiveSmallIntegerField()
    certificate = models.CharField(max_length=80)
    recorded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta(Record.Meta):
        constraints = [models.CheckConstraint(name="training_hours", condition=Q(hours__gt=0))]
        triggers = [noted(), final("a training")]


class KeeperChange(Record):
    """A custodian hands over to another (保管人变更): inventory by both on one day, all secrets changed,
    signed by both before the leader. ``lines``: what was handed over, with the seals both saw."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="keeper_changes")
    number = models.CharField(max_length=30, unique=True)
    leaving = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    successor = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    supervisor = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=200)
    renewed = models.CharField(max_length=200)
    secrecy_after = models.CharField(max_length=60)
    lines = models.JSONField(default=list)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                name="keeper_change_three_persons",
                condition=~Q(leaving=F("successor"))
                & ~Q(leaving=F("supervisor"))
                & ~Q(successor=F("supervisor")),
            ),
        ]
        triggers = [noted(), final("a change of custodian")]
