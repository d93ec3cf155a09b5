"""L: terminal and flows. J41, G22 and G23 stand here, too: their action is the terminal's."""

from datetime import timedelta
from typing import Any

import pytest

from conformance.harness import Session, case
from conformance.spy import NOW, Spy, terminal
from shebaoka.codec.reset import ResetError, accept_atr
from shebaoka.spec.algorithm import Algorithm
from shebaoka.terminal import load, pin, purchase
from shebaoka.terminal.blacklist import Blacklist, Range, Single
from shebaoka.terminal.errors import (
    BlacklistedError,
    CardChangedError,
    CardRefusedError,
    CloneError,
    HostRefusedError,
    NotMatchingError,
    PaymentRefusedError,
    PinError,
    PinLockedError,
    PinRuleError,
)
from shebaoka.terminal.reading import read_file
from shebaoka.terminal.transactions import Amounts, InDoubtError, LoadApproval, LoadRequest
from shebaoka.terminal.updating import Change, Decision, UpdateRequest, update, update_online

CODE = "650100D15600000500000001FFFFFFFF"
VERIFY, UPDATE_RECORD, INITIALIZE = "0020", "00DC", "B028"
PURSE: dict[str, Any] = {"medical": {"balance": 10000}, "files": {"DF04": {"EF05": {"8F": "2"}}}}
OTHER_CARD: dict[str, Any] = {
    **PURSE,
    "files": {
        "SSSE": {"EF05": {"01": {"hex": "650100D15600000500000002FFFFFFFF"}, "07": "A00000020"}},
        **PURSE["files"],
    },
}


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


@case("L13", "RD")
def another_card_in_a_session(s: Session) -> None:
    expected = terminal(s).open().identity
    spy = Spy(s.spawn("card-2.0", OTHER_CARD).reader)
    with pytest.raises(CardChangedError):
        terminal(s, spy).open(expected)
    assert UPDATE_RECORD not in spy.instructions()


class Pulled(Spy):
    """The card is pulled at DEBIT FOR PURCHASE: before or after the card has done it."""

    phase = "before"

    def transmit(self, apdu: bytes) -> bytes:
        if apdu[:2] == b"\xb0\x2c":
            self.reader.chip.tear_at(1, self.phase)  # type: ignore[attr-defined]
        return super().transmit(apdu)


def torn_purchase(s: Session, phase: str) -> tuple[Any, Any]:
    """The terminal after a card was pulled in the middle of a purchase, and what is pending."""
    slot = Pulled(s.reader)
    slot.phase = phase
    counter = terminal(s, slot)
    session = counter.open()
    pin.verify(session, "123456")
    with pytest.raises(InDoubtError) as caught:
        purchase.consume(session, Amounts(1000, 500, 2000))
    return counter, caught.value.pending


@case("L14", "P7 §14", change=PURSE)
def other_card_after_a_tear(s: Session) -> None:
    counter, pending = torn_purchase(s, "after")
    counter.reader = s.spawn("card-2.0", OTHER_CARD).reader
    with pytest.raises(CardChangedError):
        counter.recover_purchase(pending)


@case("L15", "P7 §14", change=PURSE)
def same_card_after_a_tear(s: Session) -> None:
    counter, pending = torn_purchase(s, "before")
    assert counter.recover_purchase(pending) is None
    counter, pending = torn_purchase(s, "after")
    receipt = counter.recover_purchase(pending)
    assert receipt is not None
    assert receipt.verified
    assert len(receipt.tac) == 4


class WrongHost:
    """A host whose MAC2 does not fit; it notes what the terminal tells it."""

    def __init__(self) -> None:
        self.journal: list[tuple[str, str]] = []

    def authorize(self, request: LoadRequest) -> LoadApproval:
        self.journal.append(("debit", "H1"))
        return LoadApproval("H1", "20260601120000", bytes(4))

    def confirm(self, reference: str, tac: bytes) -> None:
        self.journal.append(("confirmation", reference))

    def reverse(self, reference: str, reason: str) -> None:
        assert "9302" in reason
        self.journal.append(("reversal", reference))


@case("L17", "P7 §11", change=PURSE)
def host_mac_refused(s: Session) -> None:
    host = WrongHost()
    session = terminal(s).open()
    pin.verify(session, "123456")
    with pytest.raises(PaymentRefusedError) as caught:
        load.load(session, 500, host)
    assert caught.value.id == "load-mac2-refused"
    assert host.journal == [("debit", "H1"), ("reversal", "H1")]
    s.expect("B026000104", "00002710 9000")


@case("L18", "P8 §5.1.3")
def inverse_convention(s: Session) -> None:
    inverse = b"\x3f" + s.atr[1:]
    assert accept_atr(inverse).ts == 0x3F
    assert terminal(s, Spy(s.reader, inverse)).open().authentic
    with pytest.raises(ResetError, match="3A"):
        accept_atr(b"\x3a" + s.atr[1:])
    with pytest.raises(ValueError, match="3A"):
        terminal(s, Spy(s.reader, b"\x3a" + s.atr[1:])).open()


@case("L21", "P7 §8")
def host_refuses_the_update(s: Session) -> None:
    spy = Spy(s.reader)
    session = terminal(s, spy).open()
    asked: list[UpdateRequest] = []

    def host(request: UpdateRequest) -> Decision:
        asked.append(request)
        return Decision(False, "terminal 650100000001 has no right")

    with pytest.raises(HostRefusedError, match="no right"):
        update_online(session, [Change("DF01", 0xEF07, 0x29, "1")], host, code="123456")
    assert len(asked) == 1
    assert not {UPDATE_RECORD, "0082"} & spy.instructions()


def _old_card(values: dict[str, Any]) -> dict[str, Any]:
    return {"files": {"DF01": {"EF0A": values}}}


@case("L23", "V2 App C", variants="D", fixture="card-1.0", change=_old_card({"37": {"hex": "444555EE"}}))
def new_meaning_on_an_old_card(s: Session) -> None:
    session = terminal(s).open()
    reading = read_file(session, "DF01", 0xEF0A, code="123456")
    item = next(found for found in reading.items() if found.item.tag == 0x37)
    assert (item.value, item.item.name.zh) == ("DEU", "国籍")
    other = s.spawn("card-1.0", _old_card({"37": {"hex": "00123456"}}))
    reading = read_file(terminal(other).open(), "DF01", 0xEF0A, code="123456")
    item = next(found for found in reading.items() if found.item.tag == 0x37)
    assert item.value == 123456


def identity_class(s: Session) -> tuple[Any, str]:
    """Value and Chinese name of item 32 as a terminal sees it."""
    reading = read_file(terminal(s).open(), "DF01", 0xEF09, code="123456")
    item = next(found for found in reading.items() if found.item.tag == 0x32)
    return item.value, item.item.name.zh


@case("G22", "V2 App C", variants="D", fixture="card-1.0")
def rewriting_with_a_new_meaning(s: Session) -> None:
    s.df("DF01")
    s.pin()
    s.ea("84", "UK2DF01")
    s.expect("00DC034C 05 3203313130", "9000")
    old = identity_class(s)
    update(terminal(s).open(), [Change("DF01", 0xEF09, 0x32, "11", new_meaning=True)])
    s.df("DF01")
    s.pin()
    s.expect("00B2034C05", "32033131EE 9000")
    new = identity_class(s)
    assert old == ("110", "单位经济类型")
    assert new[0] == "11"
    assert "身份" in new[1]


@case("G23", "V2 App C", variants="D", fixture="card-1.0")
def two_meanings_of_item_37(s: Session) -> None:
    for data, value in (("444555EE", "DEU"), ("00123456", 123456)):
        s.df("DF01")
        s.pin()
        s.ea("87", "UK5DF01")
        s.expect(f"00DC0154 06 3704{data}", "9000")
        reading = read_file(terminal(s).open(), "DF01", 0xEF0A, code="123456")
        assert next(found for found in reading.items() if found.item.tag == 0x37).value == value


@case("J41", "V2 §8.5.1.11", change={"files": {"DF04": {"EF05": {"8F": "1"}}}, "medical": {"balance": 10000}})
def online_card(s: Session) -> None:
    spy = Spy(s.reader)
    session = terminal(s, spy).open()
    pin.verify(session, "123456")
    with pytest.raises(PaymentRefusedError) as caught:
        purchase.consume(session, Amounts(1000))
    assert "online" in caught.value.id
    assert INITIALIZE not in spy.instructions()
