"""The same flows through a real PC/SC stack: card and PSAM in two readers of pcscd."""

import pytest

from pcsc.stack import PcscStack
from shebaoka.reader.faults import Mute
from shebaoka.terminal import errors, medical, pin
from shebaoka.terminal.check import check_card
from shebaoka.terminal.host import LoadHost, MemoryAccounts
from shebaoka.terminal.load import load
from shebaoka.terminal.psam_keys import PsamKeys
from shebaoka.terminal.purchase import consume
from shebaoka.terminal.reading import all_files, read_file, read_files
from shebaoka.terminal.rights import Route
from shebaoka.terminal.settings import Settings
from shebaoka.terminal.terminal import Terminal
from shebaoka.terminal.transactions import Amounts, InDoubtError, PendingPurchase
from shebaoka.terminal.updating import Change, update
from terminal.support import (
    ALGORITHMS,
    IDENTITY,
    NOW,
    OFFLINE,
    PIN,
    FaultAt,
    chip,
    merged,
    psam,
    state,
    vault_keys,
)

pytestmark = pytest.mark.pcsc
SETTINGS = Settings(clock=lambda: NOW)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_read_update_pin_load_and_consume(pcsc_stack: PcscStack, algorithm: str) -> None:
    slots = pcsc_stack(chip(f"card-2.0-{algorithm}", OFFLINE), psam(algorithm, "nation"))
    assert slots.psam is not None
    terminal = Terminal(slots.card, PsamKeys(slots.psam), SETTINGS)
    session = terminal.open()
    read, failed = read_files(session, all_files(session), code=PIN, route=Route.KEY)
    assert len(read) == 37
    assert not failed
    update(session, [Change("DF01", 0xEF07, 0x29, "1")])
    pin.change(session, PIN, "654321", "654321")
    session = terminal.open()
    assert read_file(session, "DF01", 0xEF07, code="654321").value(0x29) == "1"
    load(session, 10_000, LoadHost(vault_keys(), MemoryAccounts({IDENTITY: 10_000}), lambda: NOW))
    assert consume(session, Amounts(1_000, 500, 2_000)).verified
    assert medical.balance(session) == 9_000
    assert [entry.kind for entry in medical.log(session)] == ["2", "1"]


def test_torn_consumption_is_recovered(pcsc_stack: PcscStack) -> None:
    card = chip("card-2.0-3des", merged(dict(OFFLINE), {"medical": {"balance": 5_000}}))
    slots = pcsc_stack(card, psam("3des"))
    assert slots.psam is not None
    keys = PsamKeys(slots.psam)
    session = Terminal(slots.card, keys, SETTINGS).open()
    assert medical.start(session, code=PIN) is medical.Mode.OFFLINE
    session.reader = FaultAt(slots.card, bytes.fromhex("B02C"), Mute(executed=True))
    with pytest.raises(InDoubtError) as caught:
        consume(session, Amounts(1_000), check_mode=False)
    pending = caught.value.pending
    assert isinstance(pending, PendingPurchase)
    receipt = Terminal(slots.card, keys, SETTINGS).recover_purchase(pending)
    assert receipt is not None
    assert receipt.verified
    assert medical.balance(Terminal(slots.card, keys, SETTINGS).open(), code=PIN) == 4_000


def test_refusals_and_card_check_change_nothing(pcsc_stack: PcscStack) -> None:
    card = chip("card-2.0-3des")
    before = state(card)
    slots = pcsc_stack(card, psam("3des"))
    assert slots.psam is not None
    session = Terminal(slots.card, PsamKeys(slots.psam), SETTINGS).open()
    with pytest.raises(errors.AccessError):
        read_file(session, "DF04", 0xEF06)
    report = check_card(slots.card, SETTINGS)
    assert report.passed
    assert state(card) == before
