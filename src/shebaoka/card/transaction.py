"""What load and consumption have in common: a prepared transaction, valid for the next command only."""

from dataclasses import dataclass
from typing import Final

from shebaoka.card.account import Account, account_address, encode_proof, proof_address
from shebaoka.chip.access import PIN_RIGHT
from shebaoka.chip.chip import Chip
from shebaoka.chip.errors import CardError
from shebaoka.chip.keys import Key, Role
from shebaoka.chip.tree import File
from shebaoka.spec import sw

PIN_ONLY: Final = (frozenset({PIN_RIGHT}),)
COUNTER_LIMIT: Final = 0xFFFF


@dataclass(frozen=True, slots=True)
class Prepared:
    """Left by INITIALIZE: the account as it was, the keys, the random of the card, amounts and terminal."""

    account: Account
    key: Key
    tac_key: Key
    random: bytes
    amounts: tuple[int, int, int]
    terminal: bytes
    log: File


def transaction_types(chip: Chip) -> tuple[int, int]:
    """Type bytes of load and consumption (decision K43)."""
    return (0x31, 0x32) if chip.profile.transaction_type_ascii else (0x01, 0x02)


def transaction_keys(chip: Chip, role: Role, index: int) -> tuple[Key, Key]:
    """The key of this index and the TAC key. CardError 9403; 6985 without a TAC key."""
    directory = chip.session.directory
    slot = directory.slot(role, index)
    if slot is None:
        raise CardError(sw.KEY_INDEX)
    tac = directory.slot(Role.TAC)
    if tac is None:
        raise CardError(sw.CONDITIONS)
    return slot.find(None), tac.find(None)


def complete(
    chip: Chip,
    prepared: Prepared,
    after: Account,
    *,
    kind: int,
    counter: int,
    time: bytes,
    mac: bytes,
    tac: bytes,
) -> None:
    """Account, log and proof in one commit: all of it or nothing (Part 7 §14)."""
    amounts = prepared.amounts if after.full else prepared.amounts[:1]
    record = counter.to_bytes(2) + bytes((kind,)) + prepared.terminal + time
    record += b"".join(amount.to_bytes(4) for amount in amounts)
    directory, log = chip.session.directory, prepared.log
    records = chip.records(log.content)
    chip.commit(
        {
            account_address(directory): after.encode(),
            proof_address(directory): encode_proof(kind, counter, mac, tac),
            log.content: (record, *records[: log.parameters.records - 1]),
        }
    )
