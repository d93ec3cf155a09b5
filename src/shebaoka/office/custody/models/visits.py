"""The access log of key rooms (密钥室出入登记): who was inside, never alone."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.custody.models.places import StoragePlace
from shebaoka.office.custody.models.triggers import kept, once
from shebaoka.office.organizations.models import Organization, Staff


class RoomVisit(Record):
    """A stay in a room. ``persons``: staff numbers, two at least; ``visitors``: others, by name and unit."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="room_visits")
    place = models.ForeignKey(StoragePlace, on_delete=models.PROTECT, related_name="visits")
    persons = ArrayField(models.CharField(max_length=40))
    visitors = models.CharField(max_length=200, blank=True, default="")
    purpose = models.CharField(max_length=200)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    left_at = models.DateTimeField(null=True)
    left_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    remark = models.CharField(max_length=200, blank=True, default="")

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(name="room_visit_never_alone", condition=Q(persons__len__gte=2)),
            models.CheckConstraint(
                name="room_visit_times",
                condition=Q(left_at=None, left_by=None)
                | Q(left_at__gte=F("entered_at"), left_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["organization", "entered_at"], name="room_visit_of_body")]
        triggers = [
            noted(),
            kept(
                "a stay in a room",
                *("organization_id", "place_id", "persons", "visitors", "purpose", "entered_at"),
                "entered_by_id",
                more=once("left_at", "left_by_id", "remark"),
            ),
        ]
