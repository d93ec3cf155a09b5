"""Medical consumption (医疗消费): INITIALIZE and DEBIT FOR PURCHASE (Part 5 §7.2, §7.6; Part 7 §12)."""

from shebaoka.card.account import account_of, log_file
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
from shebaoka.crypto.medical import purchase_mac1, purchase_mac2, purchase_session, purchase_tac
from shebaoka.spec import sw


class PreparedPurchase(Prepared):
    """A consumption waiting for the PSAM's MAC1."""

    __slots__ = ()


def initialize_for_purchase(chip: Chip, request: Request) -> bytes:
    """``index 1, account 4, self-pay 4, pooled 4, terminal 6`` -> what the PSAM needs, 22 bytes.

    balance 4, self-pay total 4, pooled total 4, year 2, counter 2, key version 1, algorithm 1, random 4.
    """
    account = account_of(chip)
    data = request.data
    key, tac_key = transaction_keys(chip, Role.PURCHASE, data[0])
    chip.require(PIN_ONLY)
    log = log_file(chip, account)
    if account.purchases >= COUNTER_LIMIT:
        raise CardError(sw.COUNTER_MAX)
    amounts = (int.from_bytes(data[1:5]), int.from_bytes(data[5:9]), int.from_bytes(data[9:13]))
    if account.balance < amounts[0]:
        raise CardError(sw.INSUFFICIENT)
    random = chip.draw(4)
    chip.session.transaction = PreparedPurchase(account, key, tac_key, random, amounts, data[13:], log)
    totals = bytes(10)
    if account.full:
        totals = account.self_pay.to_bytes(4) + account.pooled.to_bytes(4) + account.year
    head = account.balance.to_bytes(4) + totals + account.purchases.to_bytes(2)
    return head + bytes((key.version, key.algorithm.fci or 0)) + random


def debit_for_purchase(chip: Chip, request: Request) -> bytes:
    """``terminal sequence 4, time 7, MAC1 4`` -> TAC 4, MAC2 4. CardError 6901 not prepared, 9302."""
    prepared, chip.session.transaction = chip.session.transaction, None
    if not isinstance(prepared, PreparedPurchase):
        raise CardError(sw.INVALID_STATE)
    data = request.data
    sequence, time, mac1 = int.from_bytes(data[:4]), data[4:11], data[11:]
    account, amounts, terminal = prepared.account, prepared.amounts, prepared.terminal
    kind = transaction_types(chip)[1]
    session = purchase_session(prepared.key.cipher, prepared.random, account.purchases, sequence)
    if not same(purchase_mac1(session, amounts, kind, terminal, time), mac1):
        raise CardError(sw.MAC_INVALID)
    after = account.debited(amounts, time[:4])
    mac2 = purchase_mac2(session, amounts)
    tac = purchase_tac(prepared.tac_key.cipher, amounts, kind, terminal, sequence, time)
    complete(chip, prepared, after, kind=kind, counter=account.purchases, time=time, mac=mac2, tac=tac)
    return tac + mac2


PURCHASE = (
    Entry(
        "INITIALIZE FOR PURCHASE",
        0xB0,
        0x28,
        initialize_for_purchase,
        case=Case.INOUT,
        parameters=frozenset({0x0101}),
        lengths=(0x13,),
        source="Part 5 §7.6",
    ),
    Entry(
        "DEBIT FOR PURCHASE",
        0xB0,
        0x2C,
        debit_for_purchase,
        case=Case.INOUT,
        parameters=frozenset({0x0100}),
        lengths=(0x0F,),
        keeps=True,
        source="Part 5 §7.2",
    ),
)
