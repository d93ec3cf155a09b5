"""The card PIN (个人密码): verify, change, remove, unblock, reload (Part 7 §5.6-5.8, §9, §13.3).

A PIN is a string of digits. It is never part of an error, a log or a representation.
"""

from dataclasses import replace

from shebaoka.codec.apdu import Command
from shebaoka.codec.digits import encode_cn
from shebaoka.spec import sw
from shebaoka.terminal import secure
from shebaoka.terminal.authentication import authenticate
from shebaoka.terminal.errors import (
    PinLockedError,
    PinRequiredError,
    PinRuleError,
    WrongPinError,
)
from shebaoka.terminal.explain import status_word_error
from shebaoka.terminal.session import PinState, Session, select, send, transmit
from shebaoka.terminal.settings import PUK, STK, PinRule

_VERIFY_EMPTY = Command(0x00, 0x20, 0x00, 0x00, le=256)  # on the wire 00 20 00 00 00: Lc 00, no PIN
_SEPARATOR = b"\xff"


def packed(code: str, rule: PinRule) -> bytes:
    """A PIN as the card takes it: packed digits, ``F`` in the last half byte when odd (Part 5 §6.3.1).
    Raises PinRuleError for anything but digits and for a length outside the rule."""
    if not (code.isascii() and code.isdigit()):
        raise PinRuleError("pin-not-digits")
    if not rule.shortest <= len(code) <= rule.longest:
        raise PinRuleError("pin-length", shortest=rule.shortest, longest=rule.longest)
    return encode_cn(code, (len(code) + 1) // 2)


def state(session: Session) -> PinState:
    """Whether a PIN is set, by a VERIFY without data that costs no try (Part 7 §5.6)."""
    response = transmit(session.reader, _VERIFY_EMPTY)
    if response.sw == sw.OK:
        return PinState(set=False)
    if response.sw == sw.BLOCKED:
        return PinState(set=True, tries=0)
    if response.sw & 0xFFF0 == 0x63C0:
        return PinState(set=True, tries=response.sw & 0x0F)
    raise status_word_error(session, response.sw, _VERIFY_EMPTY, "VERIFY")


def require(session: Session) -> None:
    """Raises PinLockedError or PinRequiredError unless the PIN was verified or none is set."""
    if session.pin.locked:
        raise PinLockedError("pin-locked")
    if not session.pin.fulfilled:
        raise PinRequiredError("pin-required")


def verify(session: Session, code: str) -> None:
    """VERIFY. Raises WrongPinError with the tries left, PinLockedError, PinRuleError before sending."""
    if session.pin.locked:
        raise PinLockedError("pin-locked")
    data = packed(code, session.settings.pin_rule)
    _sent(session, Command(0x00, 0x20, 0x00, 0x00, data), "VERIFY", verified=True)


def change(session: Session, old: str, new: str, again: str) -> None:
    """CHANGE PIN: ``old`` empty when none is set yet, ``new`` and ``again`` the same (Part 7 §9). The new
    PIN must be verified afterwards to count. Raises PinRuleError before sending, WrongPinError,
    PinLockedError."""
    if new != again:
        raise PinRuleError("pin-not-twice-the-same")
    rule = session.settings.pin_rule
    if session.pin.locked:
        raise PinLockedError("pin-locked")
    data = (packed(old, PinRule(4, 16)) if old else b"") + _SEPARATOR + packed(new, rule)
    _sent(session, Command(0x80, 0x5E, 0x01, 0x00, data), "CHANGE PIN", verified=False)


def remove(session: Session, old: str) -> None:
    """CHANGE PIN with an empty new one: the card then asks for no PIN (Part 5 §6.3.3)."""
    data = packed(old, PinRule(4, 16)) + _SEPARATOR
    _sent(session, Command(0x80, 0x5E, 0x01, 0x00, data), "CHANGE PIN", verified=False)
    session.pin = PinState(set=False)


def unblock(session: Session) -> None:
    """PIN CHANGE/UNBLOCK that only gives the tries back; the PIN stays (Part 5 §6.8, P2 = 00)."""
    _prove_unblock_key(session)
    secure.send_with_mac(session, b"\x84\x24\x00\x00", STK, "PIN CHANGE/UNBLOCK")
    _after_reload(session)


def reload(session: Session, new: str, again: str) -> None:
    """PIN CHANGE/UNBLOCK with a new PIN, encrypted and with MAC (Part 5 §6.8, P2 = 01): the reset (重置)
    for a holder who forgot it. Raises PinRuleError before sending."""
    if new != again:
        raise PinRuleError("pin-not-twice-the-same")
    data = packed(new, session.settings.pin_rule)
    _prove_unblock_key(session)
    secure.send_encrypted(session, b"\x84\x24\x00\x01", STK, data, "PIN CHANGE/UNBLOCK")
    _after_reload(session)


def _prove_unblock_key(session: Session) -> None:
    select(session, "SSSE")
    authenticate(session, PUK)


def _after_reload(session: Session) -> None:
    session.proven.discard(PUK)
    session.pin = state(session)


def _sent(session: Session, command: Command, name: str, *, verified: bool) -> None:
    response = send(session, command, name, accept=(sw.OK, sw.BLOCKED, *range(0x63C0, 0x63D0)))
    if response.sw == sw.OK:
        session.pin = PinState(set=True, tries=None, verified=verified)
        return
    tries = 0 if response.sw == sw.BLOCKED else response.sw & 0x0F
    session.pin = replace(session.pin, set=True, tries=tries, verified=False)
    raise PinLockedError("pin-locked") if tries == 0 else WrongPinError("pin-wrong", tries)
