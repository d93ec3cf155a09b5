"""Virtual readers: which cards go in, and that what was taken out is out."""

from pathlib import Path

import pytest

from driver.service import save
from shebaoka.driver.service.virtual import VirtualReader, VirtualReaderError, card_images
from shebaoka.reader.base import CardAbsentError


def test_the_cards_of_a_virtual_reader(cards: Path) -> None:
    save(cards, "p", "psam-sm4")
    assert list(card_images(cards)) == ["2.0.chip", "3.0.chip"]
    assert list(card_images(cards / "2.0.chip")) == ["2.0.chip"]
    (cards / "2.0.chip").rename(cards / "00000001.card")  # as a batch names them
    assert list(card_images(cards)) == ["00000001.card", "3.0.chip"]
    many = {f"{number:08d}.card": cards / "00000001.card" for number in range(300)}
    reader = VirtualReader("a", many)
    assert len(reader.cards) == 100
    reader.insert("00000299.card")
    assert reader.card
    reader.remove()
    with pytest.raises(VirtualReaderError):
        card_images(cards / "p.chip")
    with pytest.raises(VirtualReaderError, match="psam"):
        VirtualReader("a", {"p": cards / "p.chip"}).insert("p")


def test_a_card_that_was_taken_out_stays_out(cards: Path) -> None:
    """Whoever still holds its slot reaches neither it nor the card that came after it."""
    reader = VirtualReader("a", card_images(cards))
    reader.insert("")
    slot, radio = reader.contact(), reader.contactless()
    slot.reset()
    reader.remove()
    for old in (slot, radio):
        with pytest.raises(CardAbsentError):
            old.reset()
        with pytest.raises(CardAbsentError):
            old.transmit(bytes.fromhex("0084000008"))
    with pytest.raises(CardAbsentError):
        reader.contact()
    reader.insert("")
    new = reader.contactless()
    new.reset()
    slot.close()
    assert len(new.transmit(bytes.fromhex("0084000008"))) == 10
    with pytest.raises(CardAbsentError):
        slot.reset()
