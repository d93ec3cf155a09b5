"""Account load (帐户划入): INITIALIZE FOR LOAD and CREDIT FOR LOAD (Part 5 §7.1, §7.5; Part 7 §11)."""

from shebaoka.card.account import MOST, account_of, log_file
from shebaoka.card.transaction import (
    COUNTER_LIMIT,
    PIN_ONLY,
    Prepared,
    complete,
    transaction_keys,
    transaction_types,
)
from shebaoka.chip.chip import Chip, same
from shebaoka.chip.command import Case, Entry, Request
from shebaoka.chip.errors import CardError
from shebaoka.chip.keys import Role
from shebaoka.crypto.medical import load_mac1, load_mac2, load_session, load_tac
from shebaoka.spec import sw

_NO_MAC = bytes(4)  # the card sends no MAC of its own when a load completes (decision K46)


class PreparedLoad(Prepared):
    """A load waiting for the host's MAC2."""

    __slots__ = ()


def initialize_for_load(chip: Chip, request: Request) -> bytes:
    """``index 1, amount 4, terminal 6`` -> balance, counter, version, algorithm, random 4, MAC1 4."""
    account = account_of(chip)
    data = request.data
    key, tac_key = transaction_keys(chip, Role.LOAD, data[0])
    chip.require(PIN_ONLY)
    log = log_file(chip, account)
    if account.loads >= COUNTER_LIMIT:
        raise CardError(sw.COUNTER_MAX)
    amount, terminal = int.from_bytes(data[1:5]), data[5:]
    if account.balance + amount > MOST:
        raise CardError(sw.CONDITIONS)
    random = chip.draw(4)
    session = load_session(key.cipher, random, account.loads)
    kind = transaction_types(chip)[0]
    mac1 = load_mac1(session, account.balance, amount, kind, terminal)
    chip.session.transaction = PreparedLoad(account, key, tac_key, random, (amount, 0, 0), terminal, log)
    code = key.algorithm.fci or 0
    head = account.balance.to_bytes(4) + account.loads.to_bytes(2)
    return head + bytes((key.version, code)) + random + mac1


def credit_for_load(chip: Chip, request: Request) -> bytes:
    """``host time 7, MAC2 4`` -> TAC 4. 6901 when not prepared, 9302 for a wrong MAC2; either way idle."""
    prepared, chip.session.transaction = chip.session.transaction, None
    if not isinstance(prepared, PreparedLoad):
        raise CardError(sw.INVALID_STATE)
    account, amount, terminal = prepared.account, prepared.amounts[0], prepared.terminal
    time, mac2 = request.data[:7], request.data[7:]
    kind = transaction_types(chip)[0]
    session = load_session(prepared.key.cipher, prepared.random, account.loads)
    if not same(load_mac2(session, amount, kind, terminal, time), mac2):
        raise CardError(sw.MAC_INVALID)
    after = account.credited(amount)
    tac = load_tac(prepared.tac_key.cipher, after.balance, account.loads, amount, kind, terminal, time)
    complete(chip, prepared, after, kind=kind, counter=account.loads, time=time, mac=_NO_MAC, tac=tac)
    return tac


LOAD = (
    Entry(
        "INITIALIZE FOR LOAD",
        0xB0,
        0x28,
        initialize_for_load,
        case=Case.INOUT,
        parameters=frozenset({0x0001}),
        lengths=(0x0B,),
        source="Part 5 §7.5",
    ),
    Entry(
        "CREDIT FOR LOAD",
        0xB0,
        0x2A,
        credit_for_load,
        case=Case.INOUT,
        lengths=(0x0B,),
        keeps=True,
        source="Part 5 §7.1",
    ),
)
