"""Batches: what is made together (制卡批次)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shebaoka.domain.card_states import machine
from shebaoka.office.base.records import Record, noted
from shebaoka.office.base.triggers import kept, moves
from shebaoka.office.cards.models.applications import Application
from shebaoka.office.cards.models.products import Product
from shebaoka.office.organizations.models import Organization, Staff

STATES = machine("batch")
BEFORE_APPROVAL = ["formed", "bank-out", "bank-back", "called-off"]


class Batch(Record):
    """A batch of one product, bank and outlet. ``number``: region 6, site 2, day 8, count 4; ``test``: of
    test cards; ``premade``: of pre-made cards, which are nobody's yet, with ``bank_cards``, the accounts that
    the bank opened for them; ``order``: digest of the production order that approval reserved; ``digest``:
    of what went out to the bank or the maker last; ``prepared_at``: every card has its numbers and stands in
    the register; ``issued_on``: day of issue on the cards."""

    number = models.CharField(max_length=20, unique=True)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="card_batches")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="batches")
    bank = models.ForeignKey(Organization, null=True, on_delete=models.PROTECT, related_name="+")
    outlet = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    site = models.CharField(_("production site"), max_length=2)
    instant = models.BooleanField(default=False)
    test = models.BooleanField(default=False)
    premade = models.BooleanField(default=False)
    bank_cards = models.JSONField(default=list, blank=True)
    status = models.CharField(max_length=12, default=STATES.first)
    size = models.PositiveIntegerField()
    order = models.CharField(max_length=64, blank=True, default="")
    digest = models.CharField(max_length=64, blank=True, default="")
    issued_on = models.DateField(null=True)
    prepared_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True, default="")
    formed_at = models.DateTimeField()
    formed_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(name="card_batch_number", condition=Q(number__regex=r"^\d{20}$")),
            models.CheckConstraint(name="card_batch_status", condition=Q(status__in=[*STATES.states])),
            models.CheckConstraint(name="card_batch_size", condition=Q(size__gt=0)),
            models.CheckConstraint(
                name="card_batch_one_purpose",
                condition=Q(premade=False, bank_cards=[]) | Q(premade=True, test=False, instant=False),
            ),
            models.CheckConstraint(
                name="card_batch_approved",
                condition=Q(status__in=BEFORE_APPROVAL) | Q(test=True) | ~Q(order="") & ~Q(approved_at=None),
            ),
            models.CheckConstraint(
                name="card_batch_two_persons",
                condition=Q(approved_by=None) | ~Q(approved_by=F("formed_by")) | Q(instant=True),
            ),
        ]
        indexes = [models.Index(fields=["organization", "status"], name="card_batch_status_ix")]
        triggers = [
            noted(),
            kept(
                "a batch",
                "number",
                "organization_id",
                "product_id",
                "outlet_id",
                "test",
                "premade",
                "bank_cards",
                more=moves(STATES.table),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Place(Record):
    """An application's place in a batch. ``row``: its line in the list that personalization gets, from 2;
    ``ended``: taken out, or failed."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="places")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="places")
    row = models.PositiveIntegerField()
    ended = models.BooleanField(default=False)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("batch", "row", name="card_place_row_once"),
            models.UniqueConstraint("application", condition=Q(ended=False), name="card_place_one_now"),
        ]
        triggers = [noted(), kept("a place in a batch", "batch_id", "application_id", "row")]
