"""Vendors of blank PSAMs (V110), applications for PSAMs (F7) and what is handed over for them (F8)."""

from django.db import models
from django.db.models import F, Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.custody.models.triggers import kept, moves, once
from shebaoka.office.organizations.models import Organization, Staff
from shebaoka.office.psams.choices import ORDER_MOVES, OrderStatus, Purpose


class Vendor(Record):
    """A filing of a vendor with the ministry (V110 art. 2). ``valid_until``: its last day."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="psam_vendors")
    name = models.CharField(max_length=120)
    filing = models.CharField(max_length=60, unique=True)
    filed_on = models.DateField()
    valid_until = models.DateField()
    withdrawn_on = models.DateField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(name="psam_vendor_dates", condition=Q(valid_until__gt=F("filed_on")))
        ]
        triggers = [
            noted(),
            kept(
                "a filing",
                "organization_id",
                "name",
                "filing",
                "filed_on",
                "valid_until",
                more=once("withdrawn_on"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.filing})"


class Order(Record):
    """A body's application for PSAMs (F7) and what became of it. ``levels``: key levels asked for;
    ``document``: of the hand-over list (F8) they come with."""

    number = models.CharField(max_length=40, unique=True)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="psam_orders")
    quantity = models.PositiveIntegerField()
    levels = models.JSONField()
    algorithms = models.JSONField()
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="orders")
    purpose = models.CharField(max_length=10, choices=Purpose)
    use = models.CharField(max_length=400)
    delivery = models.CharField(max_length=200)
    keeper = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=OrderStatus, default=OrderStatus.SUBMITTED)
    submitted_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    opinion = models.CharField(max_length=400, blank=True, default="")
    document = models.CharField(max_length=60, blank=True, default="")
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(name="psam_order_quantity", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="psam_order_sent",
                condition=~Q(status__in=[OrderStatus.SENT, OrderStatus.RECEIVED])
                | ~Q(document="") & ~Q(sent_at=None),
            ),
        ]
        triggers = [
            noted(),
            kept(
                "an application",
                "number",
                "organization_id",
                "quantity",
                "levels",
                "algorithms",
                "vendor_id",
                "purpose",
                more=moves(ORDER_MOVES) + once("document", "sent_at", "received_at", "decided_at"),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Series(Record):
    """The last number a body gave in a year to its papers about PSAMs."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="psam_series")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("organization", "year", name="psam_series_once"),
        ]
        triggers = [
            noted(),
            kept(
                "a series",
                "organization_id",
                "year",
                more="IF NEW.last < OLD.last THEN RAISE EXCEPTION 'numbers never come again'; END IF;",
            ),
        ]
