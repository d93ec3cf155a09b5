"""iVerifyPIN, iChangePIN, iReloadPIN, iUnblockPIN: the holder's PIN. Each gives an empty string."""

from shebaoka.driver import strings
from shebaoka.driver.errors import TO_INITIAL_PIN, DriverError
from shebaoka.driver.pin_pad import Entry, new_pin
from shebaoka.driver.work import Equipment, present, proven
from shebaoka.terminal import pin
from shebaoka.terminal.errors import PinLockedError
from shebaoka.terminal.session import PinState


def verify_pin(equipment: Equipment, card_type: int) -> str:
    """The holder types the PIN, the card verifies it. Raises DriverError, TerminalError: -51 with the tries
    left, -52 when it is locked (nobody is asked then)."""
    with present(equipment, card_type) as session:
        _refuse_locked(session.pin)
        pin.verify(session, equipment.pad.ask(Entry.PIN, equipment.profile.pin_seconds))
    return ""


def change_pin(equipment: Equipment, card_type: int) -> str:
    """The holder types the old PIN (unless none is set) and twice the new one."""
    seconds = equipment.profile.pin_seconds
    with present(equipment, card_type) as session:
        _refuse_locked(session.pin)
        old = equipment.pad.ask(Entry.OLD, seconds) if session.pin.set else ""
        new = new_pin(equipment.pad, seconds)
        refuse_initial(equipment, new)
        pin.change(session, old, new, new)
    return ""


def reload_pin(equipment: Equipment, card_type: int, card: str) -> str:
    """A new PIN, typed twice, for a holder who forgot the old one; the PSAM proves the unblock key."""
    with proven(equipment, card_type, strings.card_info(card)) as session:
        new = new_pin(equipment.pad, equipment.profile.pin_seconds)
        pin.reload(session, new, new)
    return ""


def unblock_pin(equipment: Equipment, card_type: int, card: str) -> str:
    """Give the tries back; the PIN stays."""
    with proven(equipment, card_type, strings.card_info(card)) as session:
        pin.unblock(session)
    return ""


def refuse_initial(equipment: Equipment, new: str) -> None:
    """Raises DriverError -36 for a PIN that everybody knows."""
    if new in equipment.profile.initial_pins:
        raise DriverError(TO_INITIAL_PIN)


def _refuse_locked(state: PinState) -> None:
    if state.locked:
        raise PinLockedError("pin-locked")
