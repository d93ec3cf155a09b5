"""Counting the pre-made cards at an outlet (value stock: daily, two persons)."""

from django.db import models
from django.db.models import F, Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.base.triggers import final
from shebaoka.office.cards.models.products import Product
from shebaoka.office.organizations.models import Organization, Staff


class StockTake(Record):
    """What two persons counted of a product at an outlet. ``expected``: cards that the register has there;
    ``missing``: those of them that were given up, with their ``explanation``."""

    outlet = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    expected = models.PositiveIntegerField()
    counted = models.PositiveIntegerField()
    missing = models.PositiveIntegerField()
    explanation = models.CharField(max_length=200, blank=True, default="")
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    checked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                name="card_take_agrees", condition=Q(expected=F("counted") + F("missing"))
            ),
            models.CheckConstraint(name="card_take_explained", condition=Q(missing=0) | ~Q(explanation="")),
            models.CheckConstraint(name="card_take_two_persons", condition=~Q(checked_by=F("by"))),
        ]
        indexes = [models.Index(fields=["outlet", "product", "at"], name="card_take_at")]
        triggers = [noted(), final("a stock-take")]
