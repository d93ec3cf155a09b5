"""Card and PIN as a key: the challenge is answered by this card after its PIN, or by nobody."""

from dataclasses import replace

import pytest

from shebaoka.reader.in_process import InProcessReader
from shebaoka.terminal import pin
from shebaoka.terminal.errors import KeySourceError, PinRuleError, WrongPinError
from shebaoka.terminal.holder import CHALLENGE, HolderAnswer, answer, proves
from shebaoka.terminal.medical import balance
from shebaoka.terminal.preprocess import identify
from shebaoka.terminal.session import Session
from shebaoka.terminal.settings import Settings
from shebaoka.terminal.vault_keys import VaultKeys
from terminal.support import PIN, chip, vault

ASKED = bytes(range(CHALLENGE))


def opened(name: str) -> Session:
    session = identify(InProcessReader(chip(name)), None, Settings())
    session.pin = pin.state(session)
    return session


@pytest.mark.parametrize("fixture", ["card-1.0-3des", "card-2.0-3des", "card-2.0-sm4", "card-3.0-sm4"])
def test_card_and_pin_prove_their_holder(fixture: str) -> None:
    session = opened(fixture)
    given = HolderAnswer.of(answer(session, ASKED, PIN).text)
    keys = VaultKeys(vault())
    assert proves(given, ASKED, keys)
    for changed in range(CHALLENGE):
        other = bytearray(ASKED)
        other[changed] ^= 1
        assert not proves(given, bytes(other), keys), changed


def test_no_answer_without_the_pin() -> None:
    session = opened("card-2.0-sm4")
    with pytest.raises(WrongPinError):
        answer(session, ASKED, "000000")
    assert pin.state(session).tries == 5


def test_a_made_up_answer_of_the_chip_proves_nothing() -> None:
    """Of a genuine card without its PIN: the first half is right, the second is not."""
    given = answer(opened("card-2.0-sm4"), ASKED, PIN)
    keys = VaultKeys(vault())
    for at in (*range(6), *range(8, 22), *range(24, 32)):  # but version and algorithm, which enter no MAC
        wrong = bytearray(given.holder)
        wrong[at] ^= 1
        assert not proves(replace(given, holder=bytes(wrong)), ASKED, keys), at
    wrong = bytearray(given.holder)
    wrong[6] = 9
    with pytest.raises(KeySourceError):
        proves(replace(given, holder=bytes(wrong)), ASKED, keys)


def test_nothing_changes_on_the_card() -> None:
    session = opened("card-2.0-sm4")
    before = balance(session, code=PIN)
    for _ in range(3):
        answer(session, ASKED, PIN)
    assert balance(session, code=PIN) == before


def test_a_card_without_pin_is_told_so() -> None:
    session = opened("card-2.0-sm4")
    pin.remove(session, PIN)
    with pytest.raises(PinRuleError, match="no PIN yet"):
        answer(session, ASKED, PIN)
