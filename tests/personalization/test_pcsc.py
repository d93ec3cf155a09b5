"""Real cards, made in a PC/SC reader: a batch through pcscd and the virtual reader."""

from pathlib import Path

import pytest

from pcsc.stack import PcscStack, open_when_present
from personalization.support import VARIANTS, clock, people_csv, product, vaults
from personalization.test_supply import FACTORY
from shebaoka.card.card import blank_card
from shebaoka.chip.chip import Chip
from shebaoka.chip.store import MemoryStore
from shebaoka.codec.reset import historical_bytes
from shebaoka.personalization.batch import Order, prepare_batch
from shebaoka.personalization.fixture_keys import TEST_TRANSPORT_KEY
from shebaoka.personalization.making import make_cards
from shebaoka.personalization.mapping import MappingFile
from shebaoka.personalization.numbering import NumberRegister
from shebaoka.personalization.outcome import Outcome
from shebaoka.personalization.prepare import PreparedCard
from shebaoka.personalization.state import prepared_cards
from shebaoka.personalization.supply import ReaderSupply, transport_cipher
from shebaoka.reader.base import Reader, ReaderError
from shebaoka.reader.in_process import InProcessReader
from shebaoka.terminal.reading import read_file
from shebaoka.terminal.settings import Settings
from shebaoka.terminal.terminal import Terminal

pytestmark = pytest.mark.pcsc


class Torn:
    """A chip that is pulled out of the reader once, in the middle of its making."""

    def __init__(self, chip: Chip, commands: int) -> None:
        self._reader, self._left = InProcessReader(chip), commands

    def reset(self) -> bytes:
        return self._reader.reset()

    def transmit(self, apdu: bytes) -> bytes:
        self._left -= 1
        if not self._left:
            self._reader.close()
            raise ReaderError("pulled out")
        return self._reader.transmit(apdu)

    def close(self) -> None:
        self._reader.close()


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_batch_in_a_pcsc_reader(pcsc_stack: PcscStack, tmp_path: Path, variant: tuple[str, str]) -> None:
    own = product(variant)
    people = people_csv(tmp_path / "people.csv", 2)
    order = Order(people, MappingFile(), own, clock().date())
    with NumberRegister(tmp_path / "numbers.db") as register:
        prepare_batch(tmp_path / "batch", order, vaults().city, register)
    chips = [
        blank_card(MemoryStore(), historical=FACTORY, algorithm=own.suite, transport_key=TEST_TRANSPORT_KEY)
        for _ in range(2)
    ]
    waiting: list[Reader] = [Torn(chips[0], 150), InProcessReader(chips[0]), InProcessReader(chips[1])]
    taken_out = 0

    def insert(_: PreparedCard) -> None:
        pcsc_stack.exchange(waiting.pop(0))

    def remove() -> None:
        nonlocal taken_out
        taken_out += 1

    pcsc_stack.put(waiting[0])
    reader = open_when_present(0)
    try:
        station = ReaderSupply(reader, transport_cipher(vaults().city, own.suite), insert, remove)
        assert make_cards(tmp_path / "batch", vaults().city, station, clock=clock) == Outcome(2, 0, 0)
    finally:
        reader.close()
    assert (waiting, taken_out) == ([], 3)
    for card, chip in zip(prepared_cards(tmp_path / "batch"), chips, strict=True):
        slot = pcsc_stack(chip).card
        assert historical_bytes(slot.reset()) == card.historical
        session = Terminal(slot, None, Settings(authenticate=False)).open()
        assert read_file(session, "SSSE", 0xEF05).value(0x07) == card.card_number
