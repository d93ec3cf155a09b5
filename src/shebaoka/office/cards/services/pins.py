"""PIN services as they are noted: which, when, by whom; never a PIN."""

from enum import StrEnum
from uuid import UUID

from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.choices import Proof
from shebaoka.office.cards.models import Card
from shebaoka.office.cards.services.common import card_locked, step
from shebaoka.office.cards.words import state_words
from shebaoka.office.organizations.acts import Act, service


class PinService(StrEnum):
    """What is done about a PIN."""

    CHANGE = "change"
    UNBLOCK = "unblock"
    RESET = "reset"


_OF_THE_HOLDER = frozenset({Proof.IDENTITY})


@service("cards.pin.record")
def pin_record(act: Act, *, card: UUID, service: PinService, proof: Proof) -> Card:
    """It was done on the chip."""
    found = card_locked(act, card)
    pin_allowed(found, service, proof)
    step(act, found, proof=proof, why=f"PIN {service}")
    act.about(found, service=service.value, proof=proof.value)
    return found


def pin_allowed(card: Card, service: PinService, proof: Proof) -> None:
    """Who knows the PIN changes it; it is given back or reset only to the holder herself with her identity
    document, never to an agent. Raises Refusal ``cards.proof``, ``cards.not-now``."""
    if service != PinService.CHANGE and proof not in _OF_THE_HOLDER:
        raise Refusal("cards.proof")
    if card.plastic != "held" or card.social not in ("0", "1", "3"):
        raise Refusal("cards.not-now", number=card.number, state=state_words("social", card.social))
