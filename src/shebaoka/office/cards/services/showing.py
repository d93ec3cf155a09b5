"""A card shown at a counter: recorded as the credential, and its PIN as proof of who holds it."""

from datetime import timedelta
from uuid import UUID

from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.choices import Proof
from shebaoka.office.cards.models import Card, Event
from shebaoka.office.cards.services.common import card_locked, step
from shebaoka.office.cards.words import state_words
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.people.models import Person

PIN_VERIFIED = "PIN verified"
LASTS = timedelta(minutes=10)
"""One business before one clerk; not a rule of a region."""


@service("cards.card.show")
def card_shown(act: Act, *, code: str) -> Card:
    """A card was put into the reader and is the credential of what follows (凭卡办理). ``code``: what the
    card said of itself, 32 hex digits. Raises Refusal ``base.not-found``."""
    pk = Card.objects.filter(code=code.strip().upper()).values_list("pk", flat=True).first()
    if pk is None:
        raise Refusal("base.not-found", what="card")
    found = card_locked(act, pk)
    act.about(found, credential="card")
    return found


@service("cards.pin.verify")
def pin_verified(act: Act, *, card: UUID) -> Card:
    """The chip took the PIN of its holder: a line of the card's history, good as a proof for ten minutes and
    the same clerk. Raises Refusal ``cards.not-now`` for a card that nobody holds."""
    found = card_locked(act, card)
    if found.plastic != "held" or found.social in ("6", "9"):
        raise Refusal("cards.not-now", number=found.number, state=state_words("plastic", found.plastic))
    step(act, found, proof=Proof.PIN, why=PIN_VERIFIED)
    act.about(found, proof=Proof.PIN.value)
    return found


def pin_was_shown(act: Act, person: Person) -> bool:
    """Whether a card of hers took its PIN before the same clerk just now."""
    lines = Event.objects.filter(
        card__person=person, why=PIN_VERIFIED, by=act.actor.staff, at__gt=act.time - LASTS
    )
    return lines.exists()
