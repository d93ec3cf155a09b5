"""A dual-interface card of a real chip: one state, two ways."""

from pathlib import Path

import pytest

from shebaoka.personalization.fixtures import build_fixture
from shebaoka.reader.base import ReaderError
from shebaoka.reader.dual_interface import DualInterface
from shebaoka.reader.exchange import follow

FIXTURES = Path(__file__).parents[2] / "examples" / "fixtures"
SSSE = bytes.fromhex("00A404000F7378312E73682EC9E7BBE1B1A3D5CF")
DF01 = bytes.fromhex("00A4040006D15600000500")
WRONG_PIN, ASK_PIN = bytes.fromhex("0020000003999999"), bytes.fromhex("0020000000")
VERIFY, READ = bytes.fromhex("0020000003123456"), bytes.fromhex("00B2012C00")


def test_what_is_stored_is_seen_by_both_ways() -> None:
    card = DualInterface(build_fixture(FIXTURES / "card-3.0-sm4.toml"))
    assert card.contact.reset()[4:] == card.contactless.reset()[5:]
    follow(card.contactless, SSSE)
    assert follow(card.contactless, WRONG_PIN) == b"\x63\xc5"
    card.contact.reset()
    follow(card.contact, SSSE)
    assert follow(card.contact, ASK_PIN) == b"\x63\xc5"


def test_what_is_proven_ends_with_the_session() -> None:
    card = DualInterface(build_fixture(FIXTURES / "card-2.0-3des.toml"))
    card.contact.reset()
    for command in (SSSE, VERIFY, DF01):
        follow(card.contact, command)
    assert follow(card.contact, READ)[-2:] == b"\x90\x00"
    card.contactless.reset()
    with pytest.raises(ReaderError):
        card.contact.transmit(READ)
    for command in (SSSE, DF01):
        follow(card.contactless, command)
    assert follow(card.contactless, READ) == b"\x69\x82"
