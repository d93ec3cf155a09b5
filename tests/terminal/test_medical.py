"""Medical account: mode, balance, load, consumption, log, starting day (Part 7 §10-12; J, L15, L17, J41)."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from shebaoka.chip.profile import Profile
from shebaoka.spec.keys import key_entry
from shebaoka.terminal import errors, medical, pin
from shebaoka.terminal.host import EntryKind, LoadHost, MemoryAccounts
from shebaoka.terminal.load import load
from shebaoka.terminal.medical import LogEntry, Mode
from shebaoka.terminal.purchase import consume
from shebaoka.terminal.transactions import Amounts, LoadApproval, LoadRequest
from terminal.support import ALGORITHMS, IDENTITY, LEVELS, NOW, OFFLINE, PIN, bench, merged, state, vault_keys

TIME, TERMINAL = "20250601123015", "650100000001"


def card(**medical_values: Any) -> dict[str, Any]:
    return merged(dict(OFFLINE), {"medical": medical_values})


def load_host(money: int = 100_000) -> LoadHost:
    return LoadHost(vault_keys(), MemoryAccounts({IDENTITY: money}), lambda: NOW)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("level", LEVELS)
def test_load_and_consume_with_psam_of_one_level(algorithm: str, level: str) -> None:
    place = bench(algorithm, level=level, card=card())
    host = load_host()
    session = place.open()
    receipt = load(session, 10_000, host, code=PIN)
    assert medical.balance(session) == 10_000
    paid = consume(session, Amounts(1_000, 500, 2_000))
    assert paid.verified
    assert len(paid.tac) == len(receipt.tac) == 4
    assert medical.balance(session) == 9_000
    totals = medical.totals(session)
    assert (totals.self_pay, totals.pooled, totals.year) == (500, 2_000, "2025")
    assert medical.log(session) == [
        LogEntry(1, "2", TERMINAL, TIME, 1_000, 500, 2_000),
        LogEntry(1, "1", TERMINAL, TIME, 10_000),
    ]
    assert [entry.kind for entry in host.journal] == [EntryKind.DEBIT, EntryKind.CONFIRMATION]
    assert host.counter(session.identity) == 2


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_consume_over_the_host_without_psam(algorithm: str) -> None:
    keys = vault_keys()
    place = bench(algorithm, card=card(balance=5_000), keys=keys)
    session = place.open()
    first = consume(session, Amounts(1_000), code=PIN)
    second = consume(session, Amounts(1_000))
    assert second.purchase.sequence == first.purchase.sequence + 1
    assert medical.balance(session) == 3_000


def test_sequence_of_the_psam_rises() -> None:
    place = bench(card=card(balance=5_000))
    session = place.open()
    numbers = [consume(session, Amounts(10), code=PIN).purchase.sequence for _ in range(3)]
    assert numbers == [5, 6, 7]


def test_pin_duty_comes_before_init() -> None:
    place = bench(card=card(balance=5_000))
    session = place.open()
    before = place.state
    with pytest.raises(errors.PinRequiredError):
        consume(session, Amounts(1_000))
    with pytest.raises(errors.PinRequiredError):
        load(session, 1_000, load_host())
    with pytest.raises(errors.PinRequiredError):
        medical.balance(session)
    assert not place.tap.sent("B028")
    assert place.state == before


def test_card_without_pin_needs_none() -> None:
    place = bench(card=merged(card(balance=5_000), {"pin": {"value": ""}}))
    session = place.open()
    consume(session, Amounts(1_000))
    assert medical.balance(session) == 4_000


def test_online_card_is_not_used_offline() -> None:  # J41
    place = bench(card={"files": {"DF04": {"EF05": {"8F": "1"}}}, "medical": {"balance": 5_000}})
    session = place.open()
    assert medical.start(session, code=PIN) is Mode.ONLINE
    before = place.state
    for act in (
        lambda: consume(session, Amounts(100)),
        lambda: load(session, 100, load_host()),
    ):
        with pytest.raises(errors.PaymentRefusedError, match="works online"):
            act()
    assert not place.tap.sent("B028")
    assert place.state == before


def test_card_that_does_not_say_its_mode() -> None:
    session = bench(card={"medical": {"balance": 5_000}}).open()
    with pytest.raises(errors.PaymentRefusedError, match="does not say"):
        consume(session, Amounts(100), code=PIN)
    assert consume(session, Amounts(100), check_mode=False).verified


def test_insufficient_funds_change_nothing() -> None:
    place = bench(card=card(balance=999))
    session = place.open()
    pin.verify(session, PIN)
    assert place.psam is not None
    before, module = place.state, state(place.psam)
    with pytest.raises(errors.PaymentRefusedError) as caught:
        consume(session, Amounts(1_000))
    assert caught.value.id == "insufficient-funds"
    assert (place.state, state(place.psam)) == (before, module)
    assert consume(session, Amounts(0, 500)).verified  # J19: no balance needed


def test_counter_at_its_end() -> None:
    place = bench(card=card(balance=5_000, purchase_counter=0xFFFF, load_counter=0xFFFF))
    session = place.open()
    with pytest.raises(errors.PaymentRefusedError, match="9402"):
        consume(session, Amounts(1), code=PIN)
    with pytest.raises(errors.PaymentRefusedError, match="9402"):
        load(session, 1, load_host())


def test_balance_that_would_overflow() -> None:
    place = bench(card=card(balance=0xFFFFFFF0))
    with pytest.raises(errors.PaymentRefusedError, match="6985"):
        load(place.open(), 0x20, load_host(), code=PIN)
    with pytest.raises(errors.DataError):
        Amounts(2**32)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_wrong_purchase_key_debits_nothing(algorithm: str) -> None:
    wrong = {"name": "DPK", "usage": "22", "id": "01", "value": "00112233445566778899AABBCCDDEEFF"}
    place = bench(algorithm, card=card(balance=5_000), sam={"environments": {"sx1": {"keys": [wrong]}}})
    session = place.open()
    pin.verify(session, PIN)
    before = place.state
    with pytest.raises(errors.PaymentRefusedError, match="9302"):
        consume(session, Amounts(1_000))
    assert place.state == before
    assert medical.balance(session) == 5_000


def test_psam_without_purchase_key_names_it() -> None:
    keys = [{"name": "IRK", "usage": "27", "id": "08"}, {"name": "RK1DF04", "usage": "27", "id": "2D"}]
    place = bench(level="", card=card(balance=5_000), sam={"environments": {"sx1": {"keys": keys}}})
    session = place.open()
    pin.verify(session, PIN)
    before = place.state
    with pytest.raises(errors.KeyMissingError, match=r"DPK.*22/01"):
        consume(session, Amounts(1_000))
    assert place.state == before


def test_false_mac2_of_the_card_is_not_a_sale() -> None:
    place = bench(card=card(balance=5_000))
    session = place.open()
    place.tap.answers[bytes.fromhex("B02C")] = lambda answer: answer[:4] + bytes(4) + answer[8:]
    with pytest.raises(errors.UnverifiedPaymentError):
        consume(session, Amounts(1_000), code=PIN)


@dataclass
class WrongMac2:
    """A host whose MAC2 is damaged on the way."""

    host: LoadHost
    given: list[str] = field(default_factory=list)

    def authorize(self, request: LoadRequest) -> LoadApproval:
        approval = self.host.authorize(request)
        self.given.append(approval.reference)
        return LoadApproval(approval.reference, approval.time, bytes(4))

    def confirm(self, reference: str, tac: bytes) -> None:
        self.host.confirm(reference, tac)

    def reverse(self, reference: str, reason: str) -> None:
        self.host.reverse(reference, reason)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_9302_at_credit_is_reversed_at_the_host(algorithm: str) -> None:  # L17
    place = bench(algorithm, card=card())
    accounts = MemoryAccounts({IDENTITY: 10_000})
    host = LoadHost(vault_keys(), accounts, lambda: NOW)
    session = place.open()
    pin.verify(session, PIN)
    before = place.state
    with pytest.raises(errors.PaymentRefusedError, match="reversed"):
        load(session, 4_000, WrongMac2(host))
    assert place.state == before
    assert [(e.kind, e.amount) for e in host.journal] == [
        (EntryKind.DEBIT, 4_000),
        (EntryKind.REVERSAL, 4_000),
    ]
    assert "9302" in host.journal[-1].reason
    assert accounts.balances == {IDENTITY: 10_000}
    load(session, 4_000, host)
    assert medical.balance(session) == 4_000


def test_host_refuses_a_false_mac1_and_an_empty_account() -> None:
    place = bench(card=card())
    host = load_host(10)
    session = place.open()
    pin.verify(session, PIN)
    before = place.state
    with pytest.raises(errors.HostRefusedError, match="not enough money"):
        load(session, 11, host)
    place.tap.answers[bytes.fromhex("B028")] = lambda answer: answer[:12] + bytes(4) + answer[16:]
    with pytest.raises(errors.HostRefusedError, match="MAC1"):
        load(session, 10, host)
    assert host.journal == []
    assert not place.tap.sent("B02A")
    assert place.state == before


def test_host_expects_its_own_counter() -> None:
    place = bench(card=card())
    host = load_host()
    load(place.open(), 100, host, code=PIN)
    other = bench(card=card())  # an older image of the same card: counter 1 again
    with pytest.raises(errors.HostRefusedError, match="counter is 1, the host expects 2"):
        load(other.open(), 100, host, code=PIN)
    assert len(host.journal) == 2


def test_host_checks_the_tac_and_forgets_no_entry() -> None:
    place = bench(card=card())
    host = load_host()
    session = place.open()
    place.tap.answers[bytes.fromhex("B02A")] = lambda answer: bytes(4) + answer[4:]
    with pytest.raises(errors.HostRefusedError, match="TAC"):
        load(session, 100, host, code=PIN)
    assert host.pending(session.identity) == ("L00000001",)
    with pytest.raises(errors.HostRefusedError, match="knows no load"):
        host.reverse("L00000009", "x")


@pytest.mark.parametrize("booked", [True, False])
def test_unexpected_status_words_are_decided_by_the_proof(booked: bool) -> None:
    place = bench(card=card(balance=5_000))
    host = load_host()
    session = place.open()
    pin.verify(session, PIN)
    assert medical.start(session) is Mode.OFFLINE
    place.tap.answers[bytes.fromhex("B02A")] = place.tap.answers[bytes.fromhex("B02C")] = lambda _: (
        b"\x65\x81"
    )
    if not booked:
        place.tap.damaged = (bytes.fromhex("B02A"), bytes.fromhex("B02C"))
    if booked:
        load(session, 100, host)
        assert consume(session, Amounts(1_000)).verified
        assert medical.balance(session) == 4_100
        assert host.journal[-1].kind is EntryKind.CONFIRMATION
        return
    with pytest.raises(errors.StatusWordError, match="6581"):
        load(session, 100, host)
    with pytest.raises(errors.StatusWordError, match="6581"):
        consume(session, Amounts(1_000))
    assert medical.balance(session) == 5_000
    assert host.journal[-1].kind is EntryKind.REVERSAL


def test_starting_day_needs_its_key() -> None:
    place = bench(keys=vault_keys())
    session = place.open()
    medical.set_starting_day(session, "0701")
    assert medical.starting_day(session, code=PIN) == "0701"
    with pytest.raises(errors.DataError):
        medical.set_starting_day(session, "1301")
    with pytest.raises(errors.KeyMissingError, match="DSK"):
        medical.set_starting_day(bench().open(), "0701")


def test_account_only_records() -> None:  # J37
    place = bench(card=card(balance=5_000, log_record_length=20))
    session = place.open()
    consume(session, Amounts(1_000), code=PIN)
    assert medical.log(session) == [LogEntry(1, "2", TERMINAL, TIME, 1_000)]
    with pytest.raises(errors.DataError, match="has 21 bytes"):
        medical.log_entry(bytes(21))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_cards_with_numeric_transaction_types(algorithm: str) -> None:  # K43
    place = bench(algorithm, card=card(), ascii_types=False)
    place.card.profile = Profile(transaction_type_ascii=False)
    session = place.open()
    load(session, 5_000, load_host(), code=PIN)
    assert consume(session, Amounts(1_000)).verified
    assert [entry.kind for entry in medical.log(session)] == ["2", "1"]


def test_load_keys_of_the_catalogue() -> None:
    assert key_entry("DLK").psam_id is None
