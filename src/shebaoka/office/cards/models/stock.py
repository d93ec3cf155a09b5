"""Blanks: received = issued + spoiled + stock, at every moment (R-16)."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.base.triggers import final, kept
from shebaoka.office.cards.choices import Movement as MovementKind
from shebaoka.office.cards.models.batches import Batch
from shebaoka.office.cards.models.products import Product
from shebaoka.office.organizations.models import Organization, Staff

_AGREES = """
IF EXISTS (
    SELECT FROM cards_stock stock WHERE stock.id = NEW.id AND
    ARRAY[stock.received, stock.issued, stock.spoiled, stock.destroyed] IS DISTINCT FROM (
        SELECT ARRAY[coalesce(sum(quantity) FILTER (WHERE kind = 'received'), 0)::int,
            coalesce(sum(quantity) FILTER (WHERE kind = 'issued'), 0)::int,
            coalesce(sum(quantity) FILTER (WHERE kind = 'spoiled'), 0)::int,
            coalesce(sum(quantity) FILTER (WHERE kind = 'destroyed'), 0)::int]
        FROM cards_movement WHERE stock_id = stock.id)
) THEN
    RAISE EXCEPTION 'the stock is not what its movements say';
END IF;
RETURN NULL;
"""


class Stock(Record):
    """Blanks of a product at a body or outlet. Spoiled blanks are kept until they are destroyed."""

    holder = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="card_stocks")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="stocks")
    received = models.PositiveIntegerField(default=0)
    issued = models.PositiveIntegerField(default=0)
    spoiled = models.PositiveIntegerField(default=0)
    destroyed = models.PositiveIntegerField(default=0)
    stock = models.PositiveIntegerField(default=0)
    counted_on = models.DateField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("holder", "product", name="card_stock_once"),
            models.CheckConstraint(
                name="card_stock_equation",
                condition=Q(received=F("issued") + F("spoiled") + F("stock")),
            ),
            models.CheckConstraint(name="card_stock_destroyed", condition=Q(destroyed__lte=F("spoiled"))),
        ]
        triggers = [
            noted(),
            kept("a stock", "holder_id", "product_id"),
            pgtrigger.Trigger(
                name="agrees",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                timing=pgtrigger.Deferred,
                func=_AGREES,
            ),
        ]


class Movement(Record):
    """What happened to blanks. ``document``: delivery note or certificate; ``once``: makes a movement of a
    batch happen once."""

    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=10, choices=MovementKind)
    quantity = models.PositiveIntegerField()
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="movements")
    document = models.CharField(max_length=80, blank=True, default="")
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    checked_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(name="card_movement_quantity", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="card_movement_two_persons",
                condition=Q(checked_by=None) | ~Q(checked_by=F("by")),
            ),
        ]
        indexes = [models.Index(fields=["stock", "at"], name="card_movement_at")]
        triggers = [noted(), final("a movement of blanks")]
