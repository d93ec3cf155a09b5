"""Where PSAMs are used: units with a service agreement (R-32) and their places (R-31)."""

from django.db import models
from django.db.models import F, Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.custody.models.triggers import kept, once
from shebaoka.office.organizations.models import Organization
from shebaoka.office.psams.choices import Network, PlaceKind


class Agreement(Record):
    """A service agreement of a body with a unit. ``until``: its last day; ``ended_on``: when it ended
    before."""

    body = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="psam_agreements")
    unit = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="psam_agreements_held")
    number = models.CharField(max_length=60)
    since = models.DateField()
    until = models.DateField()
    ended_on = models.DateField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("body", "number", name="psam_agreement_once"),
            models.CheckConstraint(name="psam_agreement_dates", condition=Q(until__gte=F("since"))),
        ]
        triggers = [
            noted(),
            kept("an agreement", "body_id", "unit_id", "number", "since", "until", more=once("ended_on")),
        ]

    def __str__(self) -> str:
        return self.number


class Place(Record):
    """A place of use. ``terminals``: machines there that need a PSAM; ``reader``: serial number of the
    reader; ``attended``, ``camera``, ``network``: the environment (M47 art. 25)."""

    unit = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="psam_places")
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, choices=PlaceKind)
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=200)
    room = models.CharField(max_length=60, blank=True, default="")
    machine = models.CharField(max_length=60, blank=True, default="")
    reader = models.CharField(max_length=60, blank=True, default="")
    attended = models.BooleanField()
    camera = models.BooleanField()
    network = models.CharField(max_length=20, choices=Network)
    terminals = models.PositiveIntegerField()
    closed_on = models.DateField(null=True)

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint("unit", "code", name="psam_place_once")]
        triggers = [noted(), kept("a place", "unit_id", "code", more=once("closed_on"))]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"
