"""Cards that programs ask about; that one was read is noted for its holder first (R-18, R-19)."""

from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec
from django.db import transaction

from shebaoka.domain import person_number
from shebaoka.office.base import clock
from shebaoka.office.base.catalogue import Words
from shebaoka.office.cards import selectors
from shebaoka.office.cards.choices import CardKind
from shebaoka.office.cards.models import Card
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.reading import read_noted
from shebaoka.spec.loading import read_toml

MOST = 20
_WITH_HOLDER = ("held",)
_FIELDS = ("cards.number", "cards.states")


class _Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: Words
    social: str = ""


class Verified(NamedTuple):
    """Whether a card may be used today, and why not."""

    verdict: Literal["valid", "not-valid", "unknown"]
    reason: str
    text: Words | Literal[""]


@cache
def reasons() -> dict[str, _Reason]:
    """Why a card is not valid, by code."""
    return msgspec.convert(read_toml(Path(__file__).with_name("reasons.toml")), dict[str, _Reason])


@transaction.atomic
def verified(actor: Actor, *, code: str, number: str, purpose: str) -> Verified:
    """A card somebody shows, by what stands on its chip; of whatever region, because cards are read
    everywhere (R-21). A code whose number is another is unknown."""
    found = Card.objects.select_related("person").filter(code=code.upper(), number=_stored(number)).first()
    if found is None:
        return Verified("unknown", "not-known", reasons()["not-known"].words)
    _note(actor, found, purpose)
    reason = _reason(found)
    return Verified("not-valid", reason, reasons()[reason].words) if reason else Verified("valid", "", "")


@transaction.atomic
def cards_asked(actor: Actor, *, code: str, number: str, person: str, purpose: str) -> list[Card]:
    """Cards of the actor's area by one of the three, the newest first."""
    if person:
        try:
            settled = person_number.settled(person.upper())
        except ValueError:
            return []
        asked = selectors.cards(actor).filter(person__number=settled)
    else:
        asked = selectors.cards(actor, number=code.upper() or _stored(number))
    found = list(asked[:MOST])
    seen = {card.person_id or card.pk: card for card in found}
    for card in seen.values():
        _note(actor, card, purpose)
    return found


def _note(actor: Actor, card: Card, purpose: str) -> None:
    """In the chain of who asks: the card may belong to any region."""
    subject = card if card.person is None else card.person
    read_noted(actor, organization=actor.organization, subject=subject, purpose=purpose, fields=_FIELDS)


def _stored(number: str) -> str:
    """A card number as the register has it."""
    return number.upper().replace("-", "")


def _reason(card: Card) -> str:
    facts = {
        "test-card": card.kind == CardKind.TEST,
        "not-handed-out": card.plastic not in _WITH_HOLDER,
        "expired": card.valid_until < clock.today(),
    }
    for code, entry in reasons().items():
        if facts.get(code) or (entry.social and entry.social == card.social):
            return code
    return ""
