"""Commands of the medical account that change nothing by themselves, and the table of all (Part 5 §7)."""

from shebaoka.card.account import (
    account_address,
    account_of,
    is_day,
    proof_address,
    put_parameters,
)
from shebaoka.card.load import LOAD
from shebaoka.card.purchase import PURCHASE
from shebaoka.card.transaction import PIN_ONLY, transaction_types
from shebaoka.chip.chip import Chip
from shebaoka.chip.command import Case, Entry, Request
from shebaoka.chip.errors import CardError
from shebaoka.chip.keys import Role
from shebaoka.spec import sw

_BALANCE, _SELF_PAY, _POOLED = 1, 2, 3


def get_balance(chip: Chip, request: Request) -> bytes:
    """P2 01 account balance (4 bytes); 02 self-pay, 03 pooled total of the year, each with the year (6)."""
    account = account_of(chip)
    chip.require(PIN_ONLY)
    if request.p2 == _BALANCE:
        return _exactly(chip, request, account.balance.to_bytes(4))
    total = account.self_pay if request.p2 == _SELF_PAY else account.pooled
    answer = total.to_bytes(4) + account.year if account.full else bytes(6)
    return _exactly(chip, request, answer)


def get_transaction_proof(chip: Chip, request: Request) -> bytes:
    """MAC 4 ‖ TAC 4 of the last transaction, by type (P2) and counter; else 9406 (Part 5 §7.4)."""
    if request.p2 not in transaction_types(chip):
        raise CardError(sw.P1P2)
    account_of(chip)
    proof = chip.octets(proof_address(chip.session.directory))
    if proof[:3] != bytes((request.p2,)) + request.data:
        raise CardError(sw.PROOF_NOT_AVAILABLE)
    return proof[3:]


def update_starting_day(chip: Chip, request: Request) -> bytes:
    """The day mmdd at which the settlement year starts; needs DSK (decision K48)."""
    account_of(chip)
    directory = chip.session.directory
    slots = directory.slots(Role.STARTING_DAY)
    if not any(slot.identifier in chip.session.rights for slot in slots):
        raise CardError(sw.SECURITY)
    if not is_day(request.data):
        raise CardError(sw.CONDITIONS)
    address = account_address(directory)
    stored = chip.octets(address)
    chip.commit({address: stored[:10] + request.data + stored[12:]})
    return b""


def get_starting_day(chip: Chip, request: Request) -> bytes:
    """Two bytes mmdd; needs the PIN if one is set (decision K49)."""
    account = account_of(chip)
    chip.require(PIN_ONLY)
    return _exactly(chip, request, account.start_day)


def _exactly(chip: Chip, request: Request, answer: bytes) -> bytes:
    """The answer if Le is its length; else 6Cxx (Part 2 §9.3.2.1)."""
    if request.le == len(answer) or (request.le == 256 and chip.profile.lenient_le):
        return answer
    raise CardError(0x6C00 | len(answer))


MEDICAL_DATA_OBJECTS = {0x9F02: put_parameters}

MEDICAL = (
    *LOAD,
    *PURCHASE,
    Entry(
        "GET BALANCE",
        0xB0,
        0x26,
        get_balance,
        case=Case.OUT,
        parameters=frozenset({_BALANCE, _SELF_PAY, _POOLED}),
        keeps=True,
        source="Part 5 §7.3",
    ),
    Entry(
        "GET TRANSACTION PROOF",
        0xB0,
        0x2E,
        get_transaction_proof,
        case=Case.INOUT,
        parameters=range(256),
        lengths=(2,),
        keeps=True,
        source="Part 5 §7.4",
    ),
    Entry("UPDATE STARTING DAY", 0xB0, 0x56, update_starting_day, lengths=(2,), source="Part 5 §7.7"),
    Entry(
        "GET STARTING DAY",
        0xB0,
        0x56,
        get_starting_day,
        case=Case.OUT,
        parameters=frozenset({0x0100}),
        source="Part 5 §7.8",
    ),
)
