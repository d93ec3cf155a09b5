"""The PC/SC stack of the tests: one private pcscd, two slots whose chips are exchanged behind the connection.

pcscd notices a card that is pulled or inserted only every 400 ms. So the connection to the driver stays, the
chip behind it changes, and the reset of the new reader shows its ATR.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import overload

from shebaoka.reader.base import Reader, ReaderError
from shebaoka.reader.in_process import SimulatedChip, as_reader
from shebaoka.reader.pcsc import PcscReader
from shebaoka.reader.pcscd import PrivatePcscd
from shebaoka.reader.vpcd import VpcdServer, serve

_NOTICE_SECONDS = 0.6  # pcscd polls every 0.4 s
READER_NAMES = ("Virtual PCD 00 00", "Virtual PCD 00 01")


class Exchangeable:
    """A reader whose chip can be exchanged; mute while empty."""

    def __init__(self) -> None:
        self.reader: Reader | None = None

    def reset(self) -> bytes:
        return self.reader.reset() if self.reader else bytes.fromhex("3B00")

    def transmit(self, apdu: bytes) -> bytes:
        if self.reader is None:
            raise ReaderError("the slot is empty")
        return self.reader.transmit(apdu)

    def close(self) -> None:
        if self.reader:
            self.reader.close()


@dataclass(frozen=True)
class Inserted:
    """The two slots as PC/SC clients see them."""

    card: PcscReader
    psam: PcscReader | None


class PcscStack:
    """Call it with chips (or readers of chips) for the card slot and the PSAM slot: they are inserted, reset,
    and given back as PC/SC readers. What an earlier call gave is closed."""

    def __init__(self) -> None:
        self.daemon = PrivatePcscd()
        self._slots = (Exchangeable(), Exchangeable())
        self._servers: list[VpcdServer] = [self._plug_in(0), self._plug_in(1)]
        self._open: list[PcscReader] = []

    @property
    def environment(self) -> dict[str, str]:
        """What other programs need in their environment to reach this stack."""
        return self.daemon.environment

    @overload
    def __call__(self, card: SimulatedChip | Reader) -> Inserted: ...
    @overload
    def __call__(self, card: SimulatedChip | Reader, psam: SimulatedChip | Reader) -> Inserted: ...
    def __call__(self, card: SimulatedChip | Reader, psam: SimulatedChip | Reader | None = None) -> Inserted:
        self.put(card, psam)
        inserted = Inserted(open_when_present(0), open_when_present(1) if psam is not None else None)
        for reader in (inserted.card, inserted.psam):
            if reader is not None:
                self._open.append(reader)
                reader.reset()
        return inserted

    def put(self, card: SimulatedChip | Reader, psam: SimulatedChip | Reader | None = None) -> None:
        """Insert chips without opening readers, for tests of other programs."""
        for reader in self._open:
            reader.close()
        self._open.clear()
        for number, (slot, chip) in enumerate(zip(self._slots, (card, psam), strict=True)):
            slot.reader = None if chip is None else as_reader(chip)
            if slot.reader is not None:
                open_when_present(number).close()
                slot.reader.reset()  # pcscd may think the slot powered already

    def exchange(self, card: SimulatedChip | Reader) -> None:
        """Another chip in the card slot, behind a reader that stays open; its next reset shows it."""
        self._slots[0].reader = as_reader(card)

    @contextmanager
    def emptied(self, number: int) -> Iterator[int]:
        """Take the chip out of a slot; gives the driver's TCP port, for a card process of the test's own."""
        self._servers[number].stop()
        time.sleep(_NOTICE_SECONDS)
        try:
            yield self.daemon.endpoints.ports[number]
        finally:
            self._servers[number] = self._plug_in(number)

    def close(self) -> None:
        """End everything."""
        for reader in self._open:
            reader.close()
        for server in self._servers:
            server.stop()
        self.daemon.close()

    def _plug_in(self, number: int) -> VpcdServer:
        server = serve({self.daemon.endpoints.ports[number]: self._slots[number]})
        assert server.wait_inserted(), self.daemon.log
        return server


def open_when_present(number: int, seconds: float = 10.0) -> PcscReader:
    """The reader of a slot, as soon as pcscd has noticed its card."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return PcscReader(READER_NAMES[number])
        except ReaderError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
