"""Hosts that ask about PSAMs in every online transaction (R-59)."""

from django.db import models
from django.db.models import Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.base.triggers import kept, once
from shebaoka.office.organizations.models import Organization, Staff


class Host(Record):
    """A host of a body's area, set up by two persons. ``token``: SHA-256 of the token it signs its questions
    with, 64 hex digits, empty before it has one; ``ended_at``: it may ask no more."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="psam_hosts")
    name = models.CharField(max_length=60)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    checked_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=64, blank=True, default="")
    token_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("organization", "name", name="psam_host_once"),
            models.UniqueConstraint("token", condition=~Q(token=""), name="psam_host_token_once"),
            models.CheckConstraint(
                name="psam_host_two_persons",
                condition=Q(checked_by=None) | ~Q(checked_by=models.F("added_by")),
            ),
            models.CheckConstraint(name="psam_host_ended", condition=Q(ended_at=None) | Q(token="")),
        ]
        triggers = [
            noted(),
            kept(
                "a host",
                "organization_id",
                "name",
                "added_at",
                "added_by_id",
                "checked_by_id",
                more=once("ended_at"),
            ),
        ]

    def __str__(self) -> str:
        return self.name
