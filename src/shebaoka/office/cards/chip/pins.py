"""The card PIN at a counter: changed, unblocked, reset; the new one is typed by the holder."""

from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.chip.sessions import session_with
from shebaoka.office.cards.choices import Proof
from shebaoka.office.cards.models import Card
from shebaoka.office.cards.services.pins import PinService, pin_allowed, pin_record
from shebaoka.office.organizations.actor import Actor
from shebaoka.reader.base import Reader
from shebaoka.terminal import pin
from shebaoka.terminal.errors import PinError
from shebaoka.terminal.keys import KeySource


def serve_pin(
    actor: Actor,
    card: Card,
    service: PinService,
    reader: Reader,
    *,
    proof: Proof,
    old: str = "",
    new: str = "",
    again: str = "",
    keys: KeySource | None = None,
) -> None:
    """Done on the chip, then noted; what was typed is kept nowhere. Raises Refusal ``cards.pin`` with the
    card's own reason, ``cards.proof``, ``cards.not-now``, and as :func:`session_with`."""
    pin_allowed(card, service, proof)
    try:
        with session_with(card, reader, keys) as session:
            if service == PinService.CHANGE:
                pin.change(session, old, new, again)
            elif service == PinService.UNBLOCK:
                pin.unblock(session)
            else:
                pin.reload(session, new, again)
    except Refusal as refusal:
        if isinstance(refusal.__cause__, PinError):
            raise Refusal("cards.pin", why=str(refusal.__cause__)) from refusal
        raise
    pin_record(actor, card=card.pk, service=service, proof=proof)
