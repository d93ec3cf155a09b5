"""Sealed envelopes of deputies (应急信封), for when both custodians are unavailable (R-65)."""

from django.db import models
from django.db.models import F, Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.custody.choices import EnvelopeStatus
from shebaoka.office.custody.models.places import StoragePlace
from shebaoka.office.custody.models.triggers import kept, once
from shebaoka.office.organizations.models import Organization, Staff


class Envelope(Record):
    """An envelope under its seal. ``what``: which secrets are in it, in words; ``deputy``: who may ask for
    it."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="envelopes")
    number = models.CharField(max_length=30, unique=True)
    deputy = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=200)
    place = models.ForeignKey(StoragePlace, on_delete=models.PROTECT, related_name="envelopes")
    compartment = models.CharField(max_length=20, blank=True)
    seal = models.CharField(max_length=20)
    status = models.CharField(max_length=10, choices=EnvelopeStatus, default=EnvelopeStatus.SEALED)
    deposited_at = models.DateTimeField()
    deposited_a = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    deposited_b = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(name="envelope_two_persons", condition=~Q(deposited_a=F("deposited_b"))),
            models.CheckConstraint(name="envelope_sealed", condition=~Q(seal="") & ~Q(what="")),
        ]
        triggers = [
            noted(),
            kept(
                "an envelope", "organization_id", "number", "deposited_at", "deposited_a_id", "deposited_b_id"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} ({self.number})"


class EnvelopeOpening(Record):
    """An opening on the leader's written order, before a second person; and the new seal over new secrets."""

    envelope = models.ForeignKey(Envelope, on_delete=models.PROTECT, related_name="openings")
    order = models.CharField(max_length=60)
    reason = models.CharField(max_length=400)
    seal = models.CharField(max_length=20)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    witness = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    leader = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    resealed_at = models.DateTimeField(null=True)
    resealed_a = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    resealed_b = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    renewed = models.CharField(max_length=200, blank=True, default="")
    new_seal = models.CharField(max_length=20, blank=True, default="")

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                name="envelope_opened_by_three",
                condition=~Q(opened_by=F("witness")) & ~Q(opened_by=F("leader")) & ~Q(witness=F("leader")),
            ),
            models.CheckConstraint(
                name="envelope_resealed",
                condition=Q(resealed_at=None, resealed_a=None, resealed_b=None, new_seal="")
                | Q(resealed_at__isnull=False)
                & ~Q(resealed_a=F("resealed_b"))
                & ~Q(renewed="")
                & ~Q(new_seal="")
                & ~Q(new_seal=F("seal")),
            ),
            models.UniqueConstraint("envelope", condition=Q(resealed_at=None), name="envelope_one_opening"),
        ]
        triggers = [
            noted(),
            kept(
                "an opening",
                *("envelope_id", "order", "reason", "seal", "opened_at", "opened_by_id", "witness_id"),
                "leader_id",
                more=once("resealed_at", "resealed_a_id", "resealed_b_id", "renewed", "new_seal"),
            ),
        ]
