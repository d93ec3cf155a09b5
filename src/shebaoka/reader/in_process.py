"""A chip in the same process: the fastest way, and the only one that can steer its randomness and power."""

import os
from collections.abc import Callable
from datetime import datetime
from typing import Protocol, runtime_checkable

from shebaoka.chip.errors import PowerLost
from shebaoka.reader.base import Controls, Reader, ReaderError


@runtime_checkable
class SimulatedChip(Protocol):
    """What the readers need of a chip (``shebaoka.chip.chip.Chip``)."""

    random: Callable[[int], bytes]
    clock: Callable[[], float]

    def reset(self) -> bytes:
        """Power on or reset; gives the ATR."""

    def ats(self) -> bytes:
        """As ``reset`` over the contactless interface; gives the ATS."""

    def transmit(self, apdu: bytes) -> bytes:
        """One command. Raises PowerLost."""

    def power_off(self) -> None:
        """Take the power away."""

    def tear_at(self, n: int, phase: str = ...) -> None:
        """Lose power at the nth persistent write of the next command."""


def interface_of(chip: SimulatedChip) -> str:
    """``contact``, ``contactless`` or ``dual``; dual for a chip that does not say."""
    return str(getattr(chip, "interface", "dual"))


class ScriptedRandom:
    """A source of random bytes: first those fed, in order, then the usual source."""

    def __init__(self, usual: Callable[[int], bytes] = os.urandom) -> None:
        self._fed = bytearray()
        self._usual = usual

    def feed(self, data: bytes) -> None:
        """Queue bytes behind those still waiting."""
        self._fed += data

    def __call__(self, length: int) -> bytes:
        """The next ``length`` bytes."""
        fed = bytes(self._fed[:length])
        del self._fed[:length]
        return fed if len(fed) == length else fed + self._usual(length - len(fed))


class ChipControls:
    """Controls of a chip in this process; nothing is changed before the first use."""

    def __init__(self, chip: SimulatedChip) -> None:
        self._chip = chip

    def feed_random(self, data: bytes) -> None:
        """See :class:`Controls`."""
        if not isinstance(self._chip.random, ScriptedRandom):
            self._chip.random = ScriptedRandom(self._chip.random)
        self._chip.random.feed(data)

    def set_time(self, moment: datetime) -> None:
        """See :class:`Controls`."""
        seconds = moment.timestamp()
        self._chip.clock = lambda: seconds

    def tear(self, write: int, phase: str = "before") -> None:
        """See :class:`Controls`."""
        self._chip.tear_at(write, phase)


class InProcessReader:
    """A slot with ``chip`` in it. The chip has no power before :meth:`reset`, after :meth:`close` and after
    its power was cut; it does not answer then (ReaderError)."""

    def __init__(self, chip: SimulatedChip) -> None:
        self.chip = chip
        self.controls: Controls = ChipControls(chip)
        self._powered = False

    def reset(self) -> bytes:
        """Cold reset; gives the ATR, of a chip without contacts the ATS."""
        self._powered = True
        return self.chip.ats() if interface_of(self.chip) == "contactless" else self.chip.reset()

    def activate_contactless(self) -> bytes:
        """Cold reset over the contactless interface; gives the ATS. Raises ReaderError without antenna."""
        if interface_of(self.chip) == "contact":
            raise ReaderError("the chip has contacts only: it does not answer a contactless reader")
        self._powered = True
        return self.chip.ats()

    def transmit(self, apdu: bytes) -> bytes:
        """One command APDU. Raises ReaderError without power, and when power is lost during the command."""
        if not self._powered:
            raise ReaderError("the chip has no power and does not answer: reset it first")
        try:
            return self.chip.transmit(apdu)
        except PowerLost as error:
            self._powered = False
            raise ReaderError("the chip lost its power during the command and gave no answer") from error

    def close(self) -> None:
        """Power off."""
        self._powered = False
        self.chip.power_off()


def as_reader(slot: SimulatedChip | Reader) -> Reader:
    """A reader with the chip in it, or the reader itself."""
    return InProcessReader(slot) if isinstance(slot, SimulatedChip) else slot
