"""A batch belongs to a delivery of blanks: to the transport key that was live when it was prepared."""

from pathlib import Path

import pytest

from personalization.support import VARIANTS, clock, people_csv, product
from personalization.test_supply import FACTORY, Slot
from rotation.regions import APPROVAL, NOON, SUITE, Regions, regions
from shebaoka.card.card import blank_card
from shebaoka.chip.chip import Chip
from shebaoka.chip.store import MemoryStore
from shebaoka.personalization.batch import Order, prepare_batch
from shebaoka.personalization.making import make_cards
from shebaoka.personalization.mapping import MappingFile
from shebaoka.personalization.numbering import NumberRegister
from shebaoka.personalization.outcome import Outcome
from shebaoka.personalization.state import read_settings
from shebaoka.personalization.supply import ReaderSupply, transport_cipher
from shebaoka.vault.blanks import Blank, bring_in
from shebaoka.vault.lifecycle import change_states
from shebaoka.vault.model import KeyNotFoundError
from shebaoka.vault.states import KeyState

PARTS = [[bytes(range(16)), bytes(range(100, 116))], [bytes(range(16)), bytes(range(50, 66))]]
KEYS = [bytes(a ^ b for a, b in zip(*parts, strict=True)) for parts in PARTS]


def blank(version: int) -> Chip:
    key = KEYS[version - 1]
    return blank_card(MemoryStore(), historical=FACTORY, algorithm=SUITE, transport_key=key)


def prepared(own: Regions, name: str, transport: int | None = None) -> Path:
    people = people_csv(own.folder / "people.csv", 1)
    order = Order(
        people, MappingFile(), product(VARIANTS[1]), clock().date(), reissue=True, transport=transport
    )
    with NumberRegister(own.folder / "numbers.db") as register:
        prepare_batch(own.folder / name, order, own.city, register)
    return own.folder / name


def made(own: Regions, batch: Path, chip: Chip) -> Outcome:
    slot = Slot(chip)
    transport = transport_cipher(own.city, SUITE, read_settings(batch).transport)
    station = ReaderSupply(slot, transport, slot.insert, slot.remove)
    return make_cards(batch, own.city, station, clock=clock)


def test_a_batch_keeps_the_delivery_it_was_prepared_for(tmp_path: Path) -> None:
    own = regions(tmp_path)
    bring_in(own.city, Blank.CARD, [SUITE], PARTS[0])
    before = prepared(own, "before")
    (second,) = bring_in(own.city, Blank.CARD, [SUITE], PARTS[1], version=2)
    waiting = prepared(own, "waiting")
    change_states(own.city, [second], KeyState.ACTIVE, APPROVAL, NOON)
    after, named = prepared(own, "after"), prepared(own, "named", 1)
    assert [read_settings(each).transport for each in (before, waiting, after, named)] == [1, 1, 2, 1]
    for batch, version in ((before, 1), (waiting, 1), (named, 1), (after, 2)):
        assert made(own, batch, blank(3 - version)) == Outcome(0, 1, 0), batch
        assert made(own, batch, blank(version)) == Outcome(1, 0, 0), batch


def test_a_delivery_that_was_not_brought_in(tmp_path: Path) -> None:
    own = regions(tmp_path)
    bring_in(own.city, Blank.CARD, [SUITE], PARTS[0])
    with pytest.raises(KeyNotFoundError, match=r"no TRANSPORT version 7 .*`shebaoka keys blanks card`"):
        prepared(own, "never", 7)
    assert not (tmp_path / "never").exists()
