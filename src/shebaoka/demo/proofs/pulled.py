"""A card pulled out of its slot in the middle of a command."""

from shebaoka.reader.in_process import InProcessReader


class PulledOut:
    """A reader whose card loses power at the first write of the first command with instruction ``ins``:
    ``before`` or ``after`` it."""

    def __init__(self, reader: InProcessReader, ins: int, phase: str) -> None:
        self._reader, self._ins, self._phase = reader, ins, phase
        self._armed = True
        self.controls = reader.controls

    def reset(self) -> bytes:
        """Put the card back in."""
        return self._reader.reset()

    def transmit(self, apdu: bytes) -> bytes:
        """One command. Raises ReaderError when the power went."""
        if self._armed and len(apdu) > 1 and apdu[1] == self._ins:
            self._armed = False
            self._reader.controls.tear(1, self._phase)
        return self._reader.transmit(apdu)

    def close(self) -> None:
        """Power off."""
        self._reader.close()
