"""What waits for a card's chip: items to write, blocks (DESIGN: chip and registry agree)."""

from django.db import models
from django.db.models import Q

from shebaoka.domain.card_states import machine
from shebaoka.office.base.records import Record, noted
from shebaoka.office.base.triggers import kept, moves, once
from shebaoka.office.cards.choices import Task
from shebaoka.office.cards.models.cards import Card
from shebaoka.office.organizations.models import Staff

STATES = machine("update")


class Update(Record):
    """An item to write, or a block. ``place``: of the card (``SSSE.EF06.09``), for a block the directory;
    ``value``: as people write it; ``tries``: contacts that ended before it was written; ``trouble``: why."""

    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="updates")
    task = models.CharField(max_length=20, choices=Task)
    place = models.CharField(max_length=30)
    value = models.CharField(max_length=400, blank=True, default="")
    why = models.CharField(max_length=80)
    status = models.CharField(max_length=12, default=STATES.first)
    tries = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=200, blank=True, default="")
    queued_at = models.DateTimeField()
    queued_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                "card", "place", condition=Q(status="waiting"), name="card_update_one_waiting"
            ),
            models.CheckConstraint(name="card_update_status", condition=Q(status__in=[*STATES.states])),
            models.CheckConstraint(
                name="card_update_ended",
                condition=Q(status="waiting", ended_at=None)
                | ~Q(status="waiting") & Q(ended_at__isnull=False),
            ),
        ]
        triggers = [
            noted(),
            kept(
                "an update",
                "card_id",
                "task",
                "place",
                "value",
                "queued_at",
                more=moves(STATES.table) + once("ended_at"),
            ),
        ]

    def __repr__(self) -> str:
        return f"<update {self.place}>"
