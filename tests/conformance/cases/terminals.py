"""L: a terminal and the card in its slot: checks, PIN, keys."""

from datetime import timedelta
from typing import Any

import pytest

from conformance.cases.flows import INITIALIZE, OTHER_CARD, PURSE, UPDATE_RECORD
from conformance.driving import HSM, WrongInternalHalf, driver
from conformance.harness import Session, case
from conformance.spy import CITY_PSAM, NOW, SETTINGS, Spy, terminal
from shebaoka.codec.reset import ResetError, accept_atr
from shebaoka.driver.driver import over_hsm, steps_over_hsm
from shebaoka.reader.base import ReaderError
from shebaoka.spec.algorithm import Algorithm
from shebaoka.terminal import pin, purchase
from shebaoka.terminal.blacklist import Blacklist, Range, Single
from shebaoka.terminal.errors import (
    BlacklistedError,
    CardChangedError,
    CardRefusedError,
    CloneError,
    KeySourceError,
    NoCardError,
    NotMatchingError,
    PinError,
    PinLockedError,
    PinRuleError,
)
from shebaoka.terminal.keys import KeyChain
from shebaoka.terminal.psam_keys import PsamKeys
from shebaoka.terminal.reading import read_file
from shebaoka.terminal.terminal import Terminal
from shebaoka.terminal.transactions import Amounts
from terminal.support import vault_keys

CODE = "650100D15600000500000001FFFFFFFF"
VERIFY = "0020"


def refused(s: Session, error: type[CardRefusedError], **settings: Any) -> CardRefusedError:
    """Pre-processing ends with ``error``; no PIN was asked for."""
    spy = Spy(s.reader)
    with pytest.raises(error) as caught:
        terminal(s, spy, **settings).open()
    assert VERIFY not in spy.instructions()
    return caught.value


@case("L01", "P7 §5.4", change={"files": {"SSSE": {"EF05": {"04": "910000000165010065010001"}}}})
def another_institution(s: Session) -> None:
    assert refused(s, CardRefusedError).id == "institution-unsupported"


@case("L02", "P7 §5.4")
def expired_card(s: Session) -> None:
    error = refused(s, CardRefusedError, clock=lambda: NOW.replace(year=2030, month=1, day=2))
    assert error.id == "card-expired"


@case("L03", "P7 §5.4")
def blacklisted_card(s: Session) -> None:
    for singles, ranges in (
        (frozenset({Single(CODE, "A00000011")}), ()),
        (frozenset[Single](), (Range("A0000000", "A0000009"),)),
    ):
        listed = Blacklist("650100", 1, NOW, timedelta(days=1), singles, ranges)
        refused(s, BlacklistedError, blacklist=listed)
    other = frozenset({Single(CODE[:-8] + "00000000", "A00000011"), Single(CODE, "A00000020")})
    terminal(s, blacklist=Blacklist("650100", 1, NOW, timedelta(days=1), other)).open()


FALSE_IRK = {"keys": {"card": {"IRK": {str(n): "00112233445566778899AABBCCDDEEFF" for n in (1, 2, 3)}}}}


@case("L05", "P7 §5.4", change=FALSE_IRK)
def cloned_card(s: Session) -> None:
    refused(s, CloneError)


@case("L06", "P7 §5.3", variants="D", fixture="card-1.0")
def no_algorithm_in_the_fci(s: Session) -> None:
    session = terminal(s).open()
    assert session.fci.algorithm_code is None
    assert session.algorithm is Algorithm.TDES
    assert session.authentic


@case("L07", "P3 §6.4", variants="S", change={"fci_algorithm": "SSF33"})
def unpublished_algorithm(s: Session) -> None:
    error = refused(s, NotMatchingError)
    assert "SSF33" in str(error)


@case("L09", "P7 §5.8", change=PURSE)
def locked_pin(s: Session) -> None:
    session = terminal(s).open()
    for left in (5, 4, 3, 2, 1):
        with pytest.raises(PinError) as caught:
            pin.verify(session, "000000")
        assert caught.value.tries_left == left
    with pytest.raises(PinLockedError) as locked:
        pin.verify(session, "000000")
    assert "locked" in str(locked.value)
    assert "锁" in locked.value.line("zh")
    spy = Spy(s.reader)
    again = terminal(s, spy).open()
    assert again.pin.locked
    spy.sent.clear()
    with pytest.raises(PinLockedError):
        pin.verify(again, "123456")
    with pytest.raises(PinLockedError):
        purchase.consume(again, Amounts(1000), code="123456")
    assert not {VERIFY, INITIALIZE} & spy.instructions()
    assert terminal(s, LockedWord(s.reader)).open().pin.locked  # D07: the same


class LockedWord(Spy):
    """A card that answers the question for a PIN with 6983 instead of 63C0."""

    def transmit(self, apdu: bytes) -> bytes:
        answer = super().transmit(apdu)
        return b"\x69\x83" if apdu[:4] == b"\x00\x20\x00\x00" and answer == b"\x63\xc0" else answer


@case("L10", "P8 §6.2.4")
def keypad_digits(s: Session) -> None:
    spy = Spy(s.reader)
    session = terminal(s, spy).open()
    spy.sent.clear()
    for digits in ("123", "1234567890123", "12a4"):
        with pytest.raises(PinRuleError):
            pin.verify(session, digits)
    assert not spy.sent
    pin.verify(session, "123456")


class Empty:
    """A slot in which nothing answers."""

    def reset(self) -> bytes:
        raise ReaderError("no card in the slot")

    def transmit(self, apdu: bytes) -> bytes:
        raise ReaderError("no card in the slot")

    def close(self) -> None:
        pass


@case("L11", "RD")
def no_psam(s: Session) -> None:
    spy = Spy(s.reader)
    without = Terminal(spy, PsamKeys(Empty()), SETTINGS)
    with pytest.raises(KeySourceError):
        without.open()
    assert VERIFY not in spy.instructions()
    chain = Terminal(spy, KeyChain([PsamKeys(Empty()), vault_keys()]), SETTINGS)
    assert read_file(chain.open(), "SSSE", 0xEF06).value(0x09) == "测试"
    outside = driver(s.reader, Empty())
    assert outside.call("iReadCardBas", {"iType": 1}).code == -2201
    assert over_hsm(outside, HSM, "iReadCardBas", {"iType": 1}).info.split("|")[4] == "测试"


@case("L19", "P8 App A", variants="D", fixture="none")
def no_card(_: Session) -> None:
    with pytest.raises(NoCardError) as caught:
        Terminal(Empty(), vault_keys(), SETTINGS).open()
    assert caught.value.id == "no-card"
    assert driver(Empty()).call("iReadCardBas", {"iType": 3}).code == -2


class WrongHalf(KeyChain):
    """A host whose answer for the internal authentication is wrong."""

    def authentication(self, *arguments: Any, **named: Any) -> bytes:
        answer = super().authentication(*arguments, **named)
        return bytes((answer[0] ^ 1,)) + answer[1:]


@case("L22", "RD", fixture="card-3.0")
def wrong_half_from_the_host(s: Session) -> None:
    spy = Spy(s.reader)
    with pytest.raises(CloneError):
        Terminal(spy, WrongHalf([vault_keys()]), SETTINGS).open()
    assert "0088" in spy.instructions()
    assert "0082" not in spy.instructions()
    spy.sent.clear()
    assert steps_over_hsm(driver(spy), WrongInternalHalf(), "iReadCardBas", {"iType": 1}).code == -25
    assert "0082" not in spy.instructions()
    assert steps_over_hsm(driver(spy), HSM, "iReadCardBas", {"iType": 1}).code == 0


@case("L13", "RD")
def another_card_in_a_session(s: Session) -> None:
    expected = terminal(s).open().identity
    spy = Spy(s.spawn("card-2.0", OTHER_CARD).reader)
    with pytest.raises(CardChangedError):
        terminal(s, spy).open(expected)
    session = {"iType": 1, "pCardInfo": f"{expected.identification_code}|{expected.card_number}|"}
    write = {**session, "pFileAddr": "DF01EF07|29|$", "pWriteData": "DF01EF07|1|$"}
    outside = driver(spy, s.spawn("psam", CITY_PSAM).reader)
    assert outside.call("iWriteCard", write).code == -22
    assert steps_over_hsm(outside, HSM, "iWriteCard", write).code == -22
    assert steps_over_hsm(outside, HSM, "iReloadPIN", {**session, "pNewPIN": "654321"}).code == -22
    assert not {UPDATE_RECORD, "0082", "8424"} & spy.instructions()


@case("L18", "P8 §5.1.3")
def inverse_convention(s: Session) -> None:
    inverse = b"\x3f" + s.atr[1:]
    assert accept_atr(inverse).ts == 0x3F
    assert terminal(s, Spy(s.reader, inverse)).open().authentic
    with pytest.raises(ResetError, match="3A"):
        accept_atr(b"\x3a" + s.atr[1:])
    with pytest.raises(ValueError, match="3A"):
        terminal(s, Spy(s.reader, b"\x3a" + s.atr[1:])).open()
