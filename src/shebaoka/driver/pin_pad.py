"""Where a PIN is typed (密码键盘): a pad, the page that asks, the caller's argument."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from shebaoka.driver.errors import CANCELED, ENTRIES_DIFFER, NOT_SUPPORTED, DriverError


class Entry(StrEnum):
    """Which PIN the holder is asked for."""

    PIN = "pin"
    OLD = "old"
    NEW = "new"
    AGAIN = "again"


class PinPad(Protocol):
    """Asks the holder. Digits are never kept longer than the call."""

    def ask(self, entry: Entry, seconds: float) -> str:
        """The digits. Raises DriverError -31 (canceled), -32 (not in ``seconds``), -13 (no pad)."""
        ...


class NoPad:
    """No pad: every function that needs a PIN is refused."""

    def ask(self, entry: Entry, seconds: float) -> str:
        """See PinPad."""
        raise DriverError(NOT_SUPPORTED, "(PIN)")


class GivenPins:
    """PINs that came with the call (iVerifyPINK, iChangePINK, ``pPIN``); what did not come is asked from
    ``other``. A new PIN that came once counts as typed twice, for the caller's form has asked twice."""

    def __init__(self, given: Mapping[Entry, str], other: PinPad) -> None:
        self._given, self._other = given, other

    def __repr__(self) -> str:
        return f"<PINs given: {', '.join(sorted(self._given))}>"

    def ask(self, entry: Entry, seconds: float) -> str:
        """See PinPad."""
        wanted = Entry.NEW if entry is Entry.AGAIN and entry not in self._given else entry
        if wanted in self._given:
            return self._given[wanted]
        return self._other.ask(entry, seconds)


def new_pin(pad: PinPad, seconds: float) -> str:
    """A new PIN, typed twice. Raises DriverError -34 when the entries differ."""
    first = pad.ask(Entry.NEW, seconds)
    if pad.ask(Entry.AGAIN, seconds) != first:
        raise DriverError(ENTRIES_DIFFER)
    return first


def typed(digits: str | None) -> str:
    """Digits of a pad that may have been given up. Raises DriverError -31."""
    if digits is None:
        raise DriverError(CANCELED)
    return digits
