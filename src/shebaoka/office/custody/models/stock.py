"""Stock-takes (盘点, R-54): what two persons found, and why it is not as the register says."""

from django.db import models
from django.db.models import F, Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.custody.choices import Difference
from shebaoka.office.custody.models.carriers import Carrier
from shebaoka.office.custody.models.triggers import final
from shebaoka.office.organizations.models import Organization, Staff


class StockTake(Record):
    """A count of a body's carriers. ``incident``: reference of the incident that its differences opened."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="stock_takes")
    counted_at = models.DateTimeField()
    counted_a = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    counted_b = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    expected = models.PositiveIntegerField()
    found = models.PositiveIntegerField()
    differences = models.PositiveIntegerField()
    incident = models.CharField(max_length=60, blank=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(name="stock_take_two_persons", condition=~Q(counted_a=F("counted_b")))
        ]
        triggers = [noted(), final("a stock-take")]


class StockTakeLine(Record):
    """What the count found of one carrier; every difference has its explanation."""

    stock_take = models.ForeignKey(StockTake, on_delete=models.PROTECT, related_name="lines")
    carrier = models.ForeignKey(Carrier, null=True, on_delete=models.PROTECT, related_name="stock_lines")
    serial = models.CharField(max_length=16)
    status = models.CharField(max_length=16, blank=True)
    found = models.BooleanField()
    seal = models.CharField(max_length=20, blank=True)
    seal_seen = models.CharField(max_length=20, blank=True)
    difference = models.CharField(max_length=10, choices=Difference, blank=True, default="")
    explanation = models.CharField(max_length=200, blank=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("stock_take", "serial", name="stock_take_line_once"),
            models.CheckConstraint(
                name="stock_take_line_explained", condition=Q(difference="") | ~Q(explanation="")
            ),
        ]
        triggers = [noted(), final("a stock-take")]
