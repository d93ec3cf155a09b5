"""The signed card blacklist (黑名单): entries by version, so that each list can be made again."""

from django.db import models
from django.db.models import F, Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.base.triggers import final, kept, once
from shebaoka.office.cards.models.cards import Card
from shebaoka.office.organizations.models import Organization


class ListVersion(Record):
    """A version of an issuing body's blacklist, and from when."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="card_blacklists")
    version = models.PositiveIntegerField()
    issued_at = models.DateTimeField()
    entries = models.PositiveIntegerField()

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint("organization", "version", name="card_blacklist_version")]
        triggers = [noted(), final("a version of the blacklist")]


class Listed(Record):
    """A card on the blacklist from version ``first`` on, up to version ``last``."""

    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="listed")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=32)
    number = models.CharField(max_length=9)
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("card", condition=Q(last=None), name="card_listed_once"),
            models.CheckConstraint(
                name="card_listed_versions", condition=Q(last=None) | Q(last__gte=F("first"))
            ),
        ]
        indexes = [
            models.Index(fields=["organization"], name="card_listed_now", condition=Q(last=None)),
        ]
        triggers = [
            noted(),
            kept(
                "a blacklist entry",
                "card_id",
                "organization_id",
                "code",
                "number",
                "first",
                more=once("last"),
            ),
        ]
