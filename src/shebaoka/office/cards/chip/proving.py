"""What a card in the reader proves: which card it is, and that its holder knows the PIN."""

from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.chip.sessions import card_in, session_with
from shebaoka.office.cards.choices import Proof
from shebaoka.office.cards.models import Card
from shebaoka.office.cards.services.showing import card_shown, pin_verified
from shebaoka.office.organizations.actor import Actor
from shebaoka.reader.base import Reader
from shebaoka.terminal import pin
from shebaoka.terminal.errors import PinError
from shebaoka.terminal.keys import KeySource


def inserted(actor: Actor, reader: Reader) -> Card:
    """The card that was put into the reader, proved genuine and recorded as the credential. Raises Refusal
    ``cards.chip``, ``cards.no-vault``, ``base.not-found`` also for a card of another area."""
    card = card_in(reader)
    with session_with(card, reader):
        pass  # what it said of itself is true
    return card_shown(actor, code=card.code)


def prove_pin(actor: Actor, card: Card, reader: Reader, code: str, keys: KeySource | None = None) -> Proof:
    """Card and PIN: the card proves itself genuine and takes the PIN, which is kept nowhere; then services
    that ask for :attr:`Proof.PIN` find it. Raises Refusal ``cards.pin`` with the card's own reason, and as
    :func:`session_with`."""
    try:
        with session_with(card, reader, keys) as session:
            pin.verify(session, code)
    except Refusal as refusal:
        if isinstance(refusal.__cause__, PinError):
            raise Refusal("cards.pin", why=str(refusal.__cause__)) from refusal
        raise
    pin_verified(actor, card=card.pk)
    return Proof.PIN
