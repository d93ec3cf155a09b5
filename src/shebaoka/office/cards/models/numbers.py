"""Counters: serials of cards by region, numbers of applications and batches. No number comes twice."""

from django.db import models
from django.db.models import Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.base.triggers import kept


class Series(Record):
    """A counter by its key (``serial 9801``, ``batch 98010001 20260302``). ``last`` only rises."""

    key = models.CharField(max_length=60, unique=True)
    last = models.PositiveIntegerField(default=0)

    class Meta(Record.Meta):
        triggers = [
            noted(),
            kept(
                "a counter",
                "key",
                more="IF NEW.last < OLD.last THEN RAISE EXCEPTION 'a counter only rises'; END IF;",
            ),
        ]


class Reservation(Record):
    """Serials of a chunk of a batch, the same ones whenever the chunk is prepared again."""

    batch = models.UUIDField()
    chunk = models.PositiveIntegerField()
    region = models.CharField(max_length=4)
    first = models.PositiveIntegerField()
    count = models.PositiveIntegerField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("batch", "chunk", name="card_reservation_once"),
            models.CheckConstraint(name="card_reservation_count", condition=Q(count__gt=0)),
        ]
        indexes = [models.Index(fields=["region", "first"], name="card_reservation_first")]
        triggers = [noted()]
