"""The card cut off at every step of load and consumption, and every way to recover (Part 7 §14; L14, L15)."""

import pytest

from shebaoka.reader.faults import Fault, Late, Mute, Short, Tear
from shebaoka.reader.in_process import InProcessReader
from shebaoka.terminal import errors, medical
from shebaoka.terminal.host import EntryKind, LoadHost, MemoryAccounts
from shebaoka.terminal.load import load
from shebaoka.terminal.purchase import consume
from shebaoka.terminal.transactions import Amounts, InDoubtError, PendingLoad, PendingPurchase
from terminal.support import (
    ALGORITHMS,
    IDENTITY,
    NOW,
    OFFLINE,
    PIN,
    Bench,
    FaultAt,
    bench,
    chip,
    merged,
    vault_keys,
)

CARD = merged(dict(OFFLINE), {"medical": {"balance": 5_000}})
AMOUNTS = Amounts(1_000, 500, 2_000)
INIT_PURCHASE, DEBIT, INIT_LOAD, CREDIT = (bytes.fromhex(h) for h in ("B02801", "B02C01", "B02800", "B02A00"))
FAULTS: list[Fault] = [Mute(), Mute(executed=True), Short(1), Short(0), Late(5, 1)]


def torn(place: Bench, start: bytes, fault: Fault) -> None:
    place.terminal.reader = FaultAt(InProcessReader(place.card), start, fault)


def money(place: Bench) -> tuple[int, int, int]:
    session = place.terminal.open()
    balance = medical.balance(session, code=PIN)
    totals = medical.totals(session)
    return balance, totals.self_pay, totals.pooled


@pytest.mark.parametrize("fault", FAULTS, ids=str)
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_consume_cut_at_init_leaves_everything(algorithm: str, fault: Fault) -> None:
    place = bench(algorithm, card=CARD)
    torn(place, INIT_PURCHASE, fault)
    before = place.state
    with pytest.raises(errors.NoCardError):
        consume(place.terminal.open(), AMOUNTS, code=PIN)
    assert place.state == before
    assert money(place) == (5_000, 0, 0)


@pytest.mark.parametrize("fault", [*FAULTS, Tear(1)], ids=str)
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_consume_cut_at_debit_is_decided_by_the_proof(algorithm: str, fault: Fault) -> None:  # L15, J33, J34
    place = bench(algorithm, card=CARD)
    torn(place, DEBIT, fault)
    with pytest.raises(InDoubtError, match="same card") as caught:
        consume(place.terminal.open(), AMOUNTS, code=PIN)
    pending = caught.value.pending
    assert isinstance(pending, PendingPurchase)
    receipt = place.terminal.recover_purchase(pending)
    happened = not isinstance(fault, Tear) and fault != Mute()
    assert (receipt is not None) is happened
    assert money(place) == ((4_000, 500, 2_000) if happened else (5_000, 0, 0))
    if receipt is None:
        receipt = consume(place.terminal.open(), AMOUNTS, code=PIN)  # start again
        assert money(place)[0] == 4_000
    assert receipt.verified
    assert len(receipt.tac) == 4


@pytest.mark.parametrize("phase", ["before", "during", "after"])
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_power_cut_at_the_write_of_debit(algorithm: str, phase: str) -> None:
    place = bench(algorithm, card=CARD)
    session = place.terminal.open()

    def tear_next(answer: bytes) -> bytes:
        place.card.tear_at(1, phase)
        return answer

    place.tap.answers[INIT_PURCHASE] = tear_next
    with pytest.raises(InDoubtError) as caught:
        consume(session, AMOUNTS, code=PIN)
    pending = caught.value.pending
    assert isinstance(pending, PendingPurchase)
    place.tap.answers.clear()
    receipt = place.terminal.recover_purchase(pending)
    assert (receipt is not None) is (phase == "after")
    assert money(place) == ((4_000, 500, 2_000) if receipt else (5_000, 0, 0))


def test_another_card_cannot_answer_for_the_first() -> None:  # L14
    place = bench(card=CARD)
    torn(place, DEBIT, Mute(executed=True))
    with pytest.raises(InDoubtError) as caught:
        consume(place.terminal.open(), AMOUNTS, code=PIN)
    pending = caught.value.pending
    assert isinstance(pending, PendingPurchase)
    other = merged(CARD, {"files": {"SSSE": {"EF05": {"07": "A0000002X"}}}})
    first = place.terminal.reader
    place.terminal.reader = InProcessReader(chip("card-2.0-3des", other))
    with pytest.raises(errors.CardChangedError):
        place.terminal.recover_purchase(pending)
    place.terminal.reader = first
    receipt = place.terminal.recover_purchase(pending)
    assert receipt is not None
    assert receipt.verified


def test_psam_that_lost_its_power_too_leaves_the_receipt_unverified() -> None:
    place = bench(card=CARD)
    torn(place, DEBIT, Mute(executed=True))
    with pytest.raises(InDoubtError) as caught:
        consume(place.terminal.open(), AMOUNTS, code=PIN)
    pending = caught.value.pending
    assert isinstance(pending, PendingPurchase)
    assert place.psam is not None
    place.psam.reset()
    receipt = place.terminal.recover_purchase(pending)
    assert receipt is not None
    assert receipt.verified is None


def test_psam_cut_off_before_mac1_costs_the_card_nothing() -> None:
    place = bench(card=CARD)
    session = place.open()
    module = place.psam
    assert module is not None

    def cut_off(answer: bytes) -> bytes:
        module.power_off()
        return answer

    place.tap.answers[INIT_PURCHASE] = cut_off
    medical.balance(session, code=PIN)
    before = place.state
    with pytest.raises(errors.KeySourceError):
        consume(session, AMOUNTS, check_mode=False)
    assert place.state == before


def host_of(money: int = 10_000) -> tuple[LoadHost, MemoryAccounts]:
    accounts = MemoryAccounts({IDENTITY: money})
    return LoadHost(vault_keys(), accounts, lambda: NOW), accounts


@pytest.mark.parametrize("fault", FAULTS, ids=str)
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_load_cut_at_init_leaves_everything(algorithm: str, fault: Fault) -> None:
    place = bench(algorithm, card=CARD)
    host, accounts = host_of()
    torn(place, INIT_LOAD, fault)
    before = place.state
    with pytest.raises(errors.NoCardError):
        load(place.terminal.open(), 4_000, host, code=PIN)
    assert place.state == before
    assert host.journal == []
    assert accounts.balances == {IDENTITY: 10_000}


@pytest.mark.parametrize("fault", [*FAULTS, Tear(1)], ids=str)
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_load_cut_at_credit_is_confirmed_or_reversed(algorithm: str, fault: Fault) -> None:
    place = bench(algorithm, card=CARD)
    host, accounts = host_of()
    torn(place, CREDIT, fault)
    with pytest.raises(InDoubtError) as caught:
        load(place.terminal.open(), 4_000, host, code=PIN)
    pending = caught.value.pending
    assert isinstance(pending, PendingLoad)
    receipt = place.terminal.recover_load(pending, host)
    happened = not isinstance(fault, Tear) and fault != Mute()
    assert (receipt is not None) is happened
    last = EntryKind.CONFIRMATION if happened else EntryKind.REVERSAL
    assert [entry.kind for entry in host.journal] == [EntryKind.DEBIT, last]
    card_money, host_money = money(place)[0], accounts.balances[IDENTITY]
    assert card_money + host_money == 15_000
    assert card_money == (9_000 if happened else 5_000)


@pytest.mark.parametrize("happened", [True, False])
def test_host_settles_an_unrecovered_load_by_the_next_counter(happened: bool) -> None:
    place = bench(card=CARD)
    host, accounts = host_of()
    torn(place, CREDIT, Mute(executed=happened))
    with pytest.raises(InDoubtError):
        load(place.terminal.open(), 4_000, host, code=PIN)
    load(place.terminal.open(), 1_000, host, code=PIN)
    settled = EntryKind.CONFIRMATION if happened else EntryKind.REVERSAL
    assert [e.kind for e in host.journal] == [
        EntryKind.DEBIT,
        settled,
        EntryKind.DEBIT,
        EntryKind.CONFIRMATION,
    ]
    assert money(place)[0] == (10_000 if happened else 6_000)
    assert accounts.balances == {IDENTITY: 5_000 if happened else 9_000}
