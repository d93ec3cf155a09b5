"""L and J: flows of a terminal that move money or write."""

from typing import Any

import pytest

from conformance.harness import Session, case
from conformance.spy import Spy, terminal
from shebaoka.terminal import load, pin, purchase
from shebaoka.terminal.errors import (
    CardChangedError,
    HostRefusedError,
    PaymentRefusedError,
)
from shebaoka.terminal.transactions import Amounts, InDoubtError, LoadApproval, LoadRequest
from shebaoka.terminal.updating import Change, Decision, UpdateRequest, update_online

UPDATE_RECORD, INITIALIZE = "00DC", "B028"
PURSE: dict[str, Any] = {"medical": {"balance": 10000}, "files": {"DF04": {"EF05": {"8F": "2"}}}}
OTHER_CARD: dict[str, Any] = {
    **PURSE,
    "files": {
        "SSSE": {"EF05": {"01": {"hex": "650100D15600000500000002FFFFFFFF"}, "07": "A00000020"}},
        **PURSE["files"],
    },
}


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


@case("J41", "V2 §8.5.1.11", change={"files": {"DF04": {"EF05": {"8F": "1"}}}, "medical": {"balance": 10000}})
def online_card(s: Session) -> None:
    spy = Spy(s.reader)
    session = terminal(s, spy).open()
    pin.verify(session, "123456")
    with pytest.raises(PaymentRefusedError) as caught:
        purchase.consume(session, Amounts(1000))
    assert "online" in caught.value.id
    assert INITIALIZE not in spy.instructions()
