"""What every way to a chip has in common: three methods (decision record 2)."""

from typing import Protocol


class Reader(Protocol):
    """A slot with a chip in it. ``reset`` powers or resets the chip and gives its ATR (or ATS);
    ``transmit`` sends one command APDU and returns data ‖ SW1 SW2 exactly as the chip gave them (no
    automatic GET RESPONSE); ``close`` releases the slot. Raises ReaderError when the chip does not answer.
    """

    def reset(self) -> bytes: ...

    def transmit(self, apdu: bytes) -> bytes: ...

    def close(self) -> None: ...


class ReaderError(OSError):
    """The chip or the reader does not answer: no card, mute, pulled out, power lost."""
