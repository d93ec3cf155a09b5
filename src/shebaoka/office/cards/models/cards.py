"""The register of cards and the history of each (R-16, R-17, D-09)."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from shebaoka.domain.card_states import machine
from shebaoka.office.base.records import Record, noted
from shebaoka.office.base.triggers import final, kept, moves, once
from shebaoka.office.cards.choices import CardKind, Proof
from shebaoka.office.cards.models.applications import Application
from shebaoka.office.cards.models.batches import Batch
from shebaoka.office.cards.models.products import Product
from shebaoka.office.organizations.choices import Channel
from shebaoka.office.organizations.models import Organization, Staff
from shebaoka.office.people.models import Person

SOCIAL, BANK, PLASTIC = machine("social"), machine("bank"), machine("plastic")
OVER = ["6", "9"]
COMING = ["ordered", "made", "outlet"]
_BORN = """
IF (NEW.social, NEW.plastic) <> ('0', 'ordered')
    AND coalesce(current_setting('shebaoka.act', true), '') NOT LIKE 'cards.import.%' THEN
    RAISE EXCEPTION 'a card begins sealed and to be made';
END IF;
RETURN NEW;
"""
# a pre-made card gets its dates with its holder
_DATED = """
IF OLD.person_id IS NOT NULL
    AND (NEW.issued_on, NEW.valid_until) IS DISTINCT FROM (OLD.issued_on, OLD.valid_until) THEN
    RAISE EXCEPTION 'the dates of a card stay';
END IF;
"""
# a step without its line in the history does not exist, whoever writes it
_TOLD = """
IF EXISTS (
    SELECT FROM cards_card card WHERE card.id = NEW.id AND NOT EXISTS (
        SELECT FROM cards_event event WHERE event.card_id = NEW.id
        AND (event.social, event.bank, event.plastic) = (card.social, card.bank, card.plastic)
        AND event.step = card.step)
) THEN
    RAISE EXCEPTION 'a card changes only with a line in its history';
END IF;
RETURN NULL;
"""
UNTOLD = """
SELECT FROM cards_card card LEFT JOIN cards_event event ON event.card_id = card.id AND event.step = card.step
    AND (event.social, event.bank, event.plastic) = (card.social, card.bank, card.plastic)
WHERE event.id IS NULL
"""
"""Finds what the trigger refuses, in a set."""


class Card(Record):
    """A card. ``organization``: the issuing body; ``person`` None: pre-made stock; ``number``: nine
    characters; ``code``: identification code, 32 hex digits; ``historical``: 26 hex digits of the ATR;
    ``serial``: of the region; ``social``, ``bank``, ``plastic``: codes of the state machines;
    ``social_before``: where a release leads back to; ``lost_until``: end of a temporary report; ``step``:
    lines of its history."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="cards")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="cards")
    kind = models.CharField(max_length=10, choices=CardKind, default=CardKind.FULL)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="cards")
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="cards")
    application = models.ForeignKey(Application, null=True, on_delete=models.PROTECT, related_name="cards")
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    outlet = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    bank_body = models.ForeignKey(Organization, null=True, on_delete=models.PROTECT, related_name="+")
    serial = models.PositiveIntegerField()
    number = models.CharField(max_length=9)
    code = models.CharField(max_length=32, unique=True)
    historical = models.CharField(max_length=26)
    bank_card = models.CharField(max_length=19, blank=True, default="")
    key_versions = models.CharField(max_length=12, blank=True, default="")
    issued_on = models.DateField()
    valid_until = models.DateField()
    social = models.CharField(max_length=1, default=SOCIAL.first)
    social_before = models.CharField(max_length=1, blank=True, default="")
    bank = models.CharField(max_length=8, default=BANK.first)
    bank_before = models.CharField(max_length=8, blank=True, default="")
    plastic = models.CharField(max_length=10, default=PLASTIC.first)
    made_at = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)
    activated_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)
    lost_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    step = models.PositiveIntegerField(default=0)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                "person",
                condition=Q(kind="full", plastic__in=["held", "gone"]) & ~Q(social__in=OVER),
                name="card_one_live",
            ),
            models.UniqueConstraint(
                "person",
                condition=Q(kind="full", plastic__in=COMING) & ~Q(social__in=OVER),
                name="card_one_coming",
            ),
            models.UniqueConstraint(
                "person",
                condition=Q(kind="temporary") & ~Q(social__in=OVER),
                name="card_one_temporary",
            ),
            models.UniqueConstraint(  # an exchange may keep the number: then two cards have it
                "organization",
                "number",
                condition=Q(plastic__in=["held", "gone"]) & ~Q(social__in=OVER),
                name="card_number_once",
            ),
            models.UniqueConstraint(
                "organization",
                "number",
                condition=Q(plastic__in=COMING) & ~Q(social__in=OVER),
                name="card_number_coming_once",
            ),
            models.UniqueConstraint("historical", name="card_historical_once"),
            models.UniqueConstraint(
                "bank_card",
                condition=~Q(bank_card="") & Q(plastic__in=["held", "gone"]) & ~Q(social__in=OVER),
                name="card_bank_card_once",
            ),
            models.CheckConstraint(name="card_social", condition=Q(social__in=[*SOCIAL.states])),
            models.CheckConstraint(name="card_bank", condition=Q(bank__in=[*BANK.states])),
            models.CheckConstraint(name="card_plastic", condition=Q(plastic__in=[*PLASTIC.states])),
            models.CheckConstraint(name="card_code", condition=Q(code__regex=r"^[0-9A-F]{32}$")),
            models.CheckConstraint(name="card_number", condition=Q(number__regex=r"^[A-Z][0-9A-Z]{8}$")),
            models.CheckConstraint(name="card_dates", condition=Q(valid_until__gte=F("issued_on"))),
            models.CheckConstraint(
                name="card_lost_until", condition=Q(lost_until=None) | Q(social="4", lost_at__isnull=False)
            ),
            models.CheckConstraint(
                name="card_in_use_is_held",
                condition=Q(social__in=["0", "6", "9"]) | Q(plastic__in=["held", "gone"]),
            ),
            models.CheckConstraint(
                name="card_test_is_nobodys", condition=~Q(kind="test") | Q(social="0") | Q(social="9")
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "social"], name="card_social_ix"),
            models.Index(fields=["batch", "plastic"], name="card_batch_plastic_ix"),
            models.Index(fields=["number"], name="card_number_ix"),
            models.Index(
                fields=["organization"],
                name="card_to_destroy_ix",
                condition=Q(plastic__in=["recovered", "spoiled"]),
            ),
            models.Index(
                fields=["lost_until"], name="card_lost_until_ix", condition=Q(lost_until__isnull=False)
            ),
        ]
        triggers = [
            noted(),
            pgtrigger.Trigger(name="born", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_BORN),
            kept(
                "a card",
                "organization_id",
                "kind",
                "product_id",
                "serial",
                "number",
                "code",
                "historical",
                more=_DATED
                + moves(SOCIAL.table, "social")
                + moves(BANK.table, "bank")
                + moves(PLASTIC.table, "plastic")
                + once("person_id", "made_at", "handed_at", "ended_at", "replaces_id"),
            ),
            pgtrigger.Trigger(
                name="told",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                timing=pgtrigger.Deferred,
                func=_TOLD,
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def __repr__(self) -> str:
        return f"<card {self.pk}>"


class Event(Record):
    """A line of a card's history: the states after it. ``act``: of the state machines, ``made`` of which the
    service was; ``step``: from 1."""

    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="events")
    step = models.PositiveIntegerField()
    act = models.CharField(max_length=40)
    social = models.CharField(max_length=1)
    bank = models.CharField(max_length=8)
    plastic = models.CharField(max_length=10)
    at = models.DateTimeField()
    channel = models.CharField(max_length=10, choices=Channel)
    proof = models.CharField(max_length=10, choices=Proof, blank=True, default="")
    why = models.CharField(max_length=200, blank=True, default="")
    body = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint("card", "step", name="card_event_step")]
        triggers = [noted(), final("a history")]
