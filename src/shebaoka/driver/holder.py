"""iProveHolder and iPinState: what a page asks of a holder's own card, without keys or data."""

from shebaoka.driver.errors import PARAMETER, DriverError
from shebaoka.driver.pin_pad import Entry
from shebaoka.driver.work import Equipment, present
from shebaoka.terminal import holder
from shebaoka.terminal.errors import PinLockedError, PinRuleError


def prove(equipment: Equipment, card_type: int, challenge: str) -> str:
    """The card's answer to 28 bytes in hex, after its PIN: see :mod:`shebaoka.terminal.holder`. The PIN stays
    on this computer. Raises DriverError, TerminalError."""
    try:
        asked = bytes.fromhex(challenge)
    except ValueError:
        asked = b""
    if len(asked) != holder.CHALLENGE:
        raise DriverError(PARAMETER, "(pChallenge)")
    with present(equipment, card_type) as session:
        if session.pin.locked:
            raise PinLockedError("pin-locked")
        if not session.pin.set:
            raise PinRuleError("pin-not-set")
        code = equipment.pad.ask(Entry.PIN, equipment.profile.pin_seconds)
        return holder.answer(session, asked, code).text


def pin_state(equipment: Equipment, card_type: int) -> str:
    """Whether a PIN is set and how many tries are left; costs none."""
    with present(equipment, card_type) as session:
        tries = session.pin.tries
        return f"{int(session.pin.set)}|{'' if tries is None else tries}|"
