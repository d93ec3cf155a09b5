"""Storage places, and the numbers of memoranda."""

from django.db import models
from django.db.models import Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.custody.choices import PlaceKind
from shebaoka.office.custody.models.triggers import kept
from shebaoka.office.organizations.models import Organization


class StoragePlace(Record):
    """A safe, cabinet or machine room of a body (M47 art. 24). ``code``: unique in the body."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="storage_places")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=PlaceKind)
    address = models.CharField(max_length=160)
    closed_on = models.DateField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("organization", "code", name="storage_place_code"),
            models.CheckConstraint(name="storage_place_named", condition=~Q(name="") & ~Q(code="")),
        ]
        triggers = [noted(), kept("a storage place", "organization_id", "code")]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class Series(Record):
    """The last number of a body's memoranda in a year (R-56)."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint("organization", "year", name="series_once")]
