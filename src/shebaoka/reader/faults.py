"""A reader with faults planned for chosen commands: mute, a short or late answer, power cut."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shebaoka.reader.base import Controls, Reader, ReaderError, controls_of


@dataclass(frozen=True)
class Mute:
    """No answer. ``executed``: the chip has carried out the command, only its answer is lost."""

    executed: bool = False


@dataclass(frozen=True)
class Short:
    """Only the first ``length`` bytes of the answer arrive (0 to all; the status word is the last two)."""

    length: int


@dataclass(frozen=True)
class Late:
    """The answer comes ``seconds`` late; beyond ``timeout`` seconds the reader gives up (ReaderError)."""

    seconds: float
    timeout: float = 10.0


@dataclass(frozen=True)
class Tear:
    """Power is cut ``before``, ``during`` or ``after`` the ``write``-th persistent write of the command."""

    write: int = 1
    phase: str = "before"


Fault = Mute | Short | Late | Tear


class FaultReader:
    """``reader`` with a plan: command number (1 is the first after this object was made) -> fault.

    After Mute and Tear the chip is out of reach until :meth:`reset`. Command numbers count every
    :meth:`transmit`, also GET RESPONSE. ``sleep`` is injected so that tests need not wait.
    """

    def __init__(
        self, reader: Reader, plan: Mapping[int, Fault], sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._reader = reader
        self._plan = dict(plan)
        self._sleep = sleep
        self._mute = False
        self.commands = 0
        if any(isinstance(fault, Tear) for fault in plan.values()) and controls_of(reader) is None:
            raise ValueError(
                "only a simulated chip can have its power cut at a write, not a card in a reader"
            )

    @property
    def controls(self) -> Controls | None:
        """Controls of the chip behind."""
        return controls_of(self._reader)

    def reset(self) -> bytes:
        """Reset the chip; ends the silence after a fault."""
        self._mute = False
        return self._reader.reset()

    def transmit(self, apdu: bytes) -> bytes:
        """One command, with the fault planned for it if any. Raises ReaderError."""
        self.commands += 1
        if self._mute:
            raise ReaderError("the chip does not answer: reset it first")
        match self._plan.get(self.commands):
            case Mute(executed):
                self._mute = True
                if executed:
                    self._reader.transmit(apdu)
                raise ReaderError("the chip does not answer")
            case Short(length):
                return self._reader.transmit(apdu)[:length]
            case Late(seconds, timeout):
                self._sleep(min(seconds, timeout))
                answer = self._reader.transmit(apdu)
                if seconds > timeout:
                    raise ReaderError(f"the chip did not answer within {timeout:g} s")
                return answer
            case Tear(write, phase):
                controls = self.controls
                assert controls is not None  # noqa: S101 - checked when the plan was given
                controls.tear(write, phase)
        return self._reader.transmit(apdu)

    def close(self) -> None:
        """Release the slot."""
        self._reader.close()
