"""Real cards in a reader, played by a simulated chip that stays in the slot."""

from pathlib import Path

import pytest

from personalization.support import Line, clock, line, people_csv, product, vaults
from shebaoka.card.card import blank_card
from shebaoka.chip.chip import Chip
from shebaoka.chip.store import MemoryStore
from shebaoka.codec.reset import historical_bytes
from shebaoka.personalization.batch import Order, prepare_batch
from shebaoka.personalization.errors import LoadError, PersonalizationError
from shebaoka.personalization.fixture_keys import TEST_TRANSPORT_KEY
from shebaoka.personalization.making import make_cards
from shebaoka.personalization.mapping import MappingFile
from shebaoka.personalization.numbering import NumberRegister
from shebaoka.personalization.outcome import Outcome
from shebaoka.personalization.prepare import PreparedCard
from shebaoka.personalization.supply import TRANSPORT, ReaderSupply, transport_cipher
from shebaoka.reader.base import ReaderError
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.keys import key_catalogue
from shebaoka.vault.hierarchy import set_up_city
from shebaoka.vault.model import Body, KeyDefinition, Level
from shebaoka.vault.software import SoftwareVault

FACTORY = bytes.fromhex("0081010203" + "0000" + "0000" + "00000000")


def factory_chip(transport: bytes = TEST_TRANSPORT_KEY) -> Chip:
    return blank_card(MemoryStore(), historical=FACTORY, algorithm=Algorithm.TDES, transport_key=transport)


class Slot:
    """A reader whose card a person changes."""

    def __init__(self, *chips: Chip) -> None:
        self.waiting = list(chips)
        self.out: list[Chip] = []
        self._reader: InProcessReader | None = None

    def insert(self, card: PreparedCard) -> None:
        self.chip = self.waiting.pop(0)
        self._reader = InProcessReader(self.chip)

    def remove(self) -> None:
        self.out.append(self.chip)

    def reset(self) -> bytes:
        assert self._reader is not None
        return self._reader.reset()

    def transmit(self, apdu: bytes) -> bytes:
        assert self._reader is not None
        return self._reader.transmit(apdu)

    def close(self) -> None:
        assert self._reader is not None
        self._reader.close()


def supply(slot: Slot, own: Line) -> ReaderSupply:
    return ReaderSupply(slot, transport_cipher(vaults().city, own.suite), slot.insert, slot.remove)


def test_a_factory_chip_gets_its_historical_bytes_and_becomes_a_card() -> None:
    own, slot = line(), Slot(factory_chip())
    card = own.card()
    station = supply(slot, own)
    assert not station.holds(card)
    reader = station.blank(card)
    own.loader.load(reader, card, own.loader.blocks([card])[0])
    station.finish(card, reader)
    assert historical_bytes(slot.out[0].reset()) == card.historical


def test_a_finished_card_put_in_again_is_recognized_and_a_begun_one_erased() -> None:
    own = line()
    card = own.card()
    finished, begun = own.made(card), own.blank(card)
    reader = InProcessReader(begun)
    reader.reset()
    with pytest.raises(LoadError):
        own.loader.load(FaultedAfter(reader, 200), card, own.loader.blocks([card])[0])
    slot = Slot(finished)
    assert supply(slot, own).holds(card)
    assert not supply(Slot(own.made(own.card(serial=2))), own).holds(card)
    again = Slot(begun)
    station = supply(again, own)
    assert not station.holds(card)
    blank = station.blank(card)
    own.loader.load(blank, card, own.loader.blocks([card])[0])
    station.finish(card, blank)
    assert supply(Slot(begun), own).holds(card)


class FaultedAfter:
    """Goes mute after a number of commands."""

    def __init__(self, reader: InProcessReader, commands: int) -> None:
        self._reader, self._left = reader, commands

    def reset(self) -> bytes:
        return self._reader.reset()

    def transmit(self, apdu: bytes) -> bytes:
        self._left -= 1
        if not self._left:
            self._reader.close()
        return self._reader.transmit(apdu)

    def close(self) -> None:
        self._reader.close()


def test_a_foreign_or_finished_card_is_not_touched() -> None:
    own = line()
    card = own.card()
    for chip in (factory_chip(bytes(16)), own.made(own.card(serial=2))):
        before = {address: value for address, value in chip.store.state.items() if address[0] != 4}
        station = supply(Slot(chip), own)
        assert not station.holds(card)
        with pytest.raises(LoadError, match="the transport key: the card in the reader answers 63"):
            station.blank(card)
        after = {address: value for address, value in chip.store.state.items() if address[0] != 4}
        assert after == before


def test_a_mute_card_is_reported() -> None:
    own = line()
    slot = Slot(own.made(own.card()))

    def pulled(card: PreparedCard) -> None:
        slot.insert(card)
        slot.reset = _mute  # type: ignore[method-assign]

    station = ReaderSupply(slot, transport_cipher(vaults().city, own.suite), pulled, slot.remove)
    with pytest.raises(LoadError, match="does not answer"):
        station.holds(own.card())


def _mute() -> bytes:
    raise ReaderError("no card")


def test_a_batch_through_a_reader(tmp_path: Path) -> None:
    people = people_csv(tmp_path / "people.csv", 3)
    order = Order(people, MappingFile(), product(), clock().date())
    with NumberRegister(tmp_path / "numbers.db") as register:
        prepare_batch(tmp_path / "batch", order, vaults().city, register)
    slot = Slot(factory_chip(), factory_chip(bytes(16)), factory_chip())
    own = line()
    made = make_cards(tmp_path / "batch", vaults().city, supply(slot, own), clock=clock)
    assert made == Outcome(2, 1, 0)
    assert len(slot.out) == 2
    with pytest.raises(PersonalizationError, match="one after the other"):
        make_cards(tmp_path / "batch", vaults().city, supply(slot, own), workers=2)


def test_the_transport_key_of_simulated_chips_is_marked() -> None:
    vault = SoftwareVault.create(None, "", Body(Level.CITY, "980100", "甲市"))
    transport_cipher(vault, Algorithm.SM4)
    handle = vault.find(TRANSPORT, 1, Algorithm.SM4)
    assert handle.test_only
    assert not handle.exportable
    transport_cipher(vault, Algorithm.SM4)
    assert len(vault.handles()) == 1


def test_a_reader_that_is_gone_while_a_card_is_asked_for_is_named(tmp_path: Path) -> None:
    people = people_csv(tmp_path / "people.csv", 1)
    order = Order(people, MappingFile(), product(), clock().date())
    with NumberRegister(tmp_path / "numbers.db") as register:
        prepare_batch(tmp_path / "batch", order, vaults().city, register)
    slot, own = Slot(factory_chip()), line()

    def unplugged(card: PreparedCard) -> None:
        raise ReaderError("no reader")

    station = ReaderSupply(slot, transport_cipher(vaults().city, own.suite), unplugged, slot.remove)
    with pytest.raises(ReaderError, match="no reader"):
        make_cards(tmp_path / "batch", vaults().city, station, clock=clock)
    assert make_cards(tmp_path / "batch", vaults().city, supply(slot, own), clock=clock) == Outcome(1, 0, 0)


def test_simulated_chips_are_not_made_with_the_transport_key_of_real_ones(tmp_path: Path) -> None:
    vault = SoftwareVault.create(None, "", Body(Level.CITY, "980100", "示例甲市"))
    set_up_city(vault, key_catalogue(), Algorithm.TDES)
    vault.generate(KeyDefinition(TRANSPORT, "transport", Algorithm.TDES, exportable=False))
    order = Order(people_csv(tmp_path / "people.csv", 1), MappingFile(), product(), clock().date())
    with NumberRegister(tmp_path / "numbers.db") as register:
        prepare_batch(tmp_path / "batch", order, vaults().city, register)
    with pytest.raises(PersonalizationError, match="TRANSPORT key is that of real chips"):
        make_cards(tmp_path / "batch", vault, clock=clock)
    assert not (tmp_path / "batch" / "cards").exists()
    assert not (tmp_path / "batch" / "progress.bin").exists()
