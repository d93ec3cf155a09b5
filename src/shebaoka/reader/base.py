"""What every way to a chip has in common: three methods (decision record 2)."""

from datetime import datetime
from typing import Protocol, runtime_checkable


class Reader(Protocol):
    """A slot with a chip in it. Every method raises ReaderError when the chip does not answer."""

    def reset(self) -> bytes:
        """Power or reset the chip; gives its ATR (or ATS)."""

    def transmit(self, apdu: bytes) -> bytes:
        """Send one command APDU; gives data ‖ SW1 SW2 exactly as the chip gave them (no automatic GET
        RESPONSE)."""

    def close(self) -> None:
        """Release the slot."""


class ReaderError(OSError):
    """The chip or the reader does not answer: no card, mute, pulled out, power lost."""


class ReaderNotFoundError(ReaderError):
    """No such reader, no PC/SC service, or no library for it; the message says what to do."""


class CardAbsentError(ReaderError):
    """No card in the reader."""


class CardMuteError(ReaderError):
    """A card is in the reader, but it gives no answer to reset."""


class ReaderBusyError(ReaderError):
    """Another program uses the card."""


class Controls(Protocol):
    """What only a simulated chip allows: to fix its random bytes and its time, and to cut its power."""

    def feed_random(self, data: bytes) -> None:
        """Queue the next random bytes; when they are used up the usual source goes on."""

    def set_time(self, moment: datetime) -> None:
        """Stop the chip's clock at a moment (local time)."""

    def tear(self, write: int, phase: str = "before") -> None:
        """Cut the power at the ``write``-th persistent write (from 1) of the next command: ``before``,
        ``during`` or ``after`` it. A command with fewer writes stays whole, and the cut is off."""


@runtime_checkable
class SimulatedReader(Protocol):
    """A reader whose chip is simulated, or a wrapper of any reader."""

    @property
    def controls(self) -> Controls | None:
        """The controls of the chip; None when the wrapped reader has a real one."""


def controls_of(reader: Reader) -> Controls | None:
    """The controls of the simulated chip behind ``reader``, or None for a real card (PC/SC) or a replay."""
    return reader.controls if isinstance(reader, SimulatedReader) else None
