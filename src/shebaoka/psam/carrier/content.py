"""The mother card: sealed key blocks, written by the issuer, complete when the manifest is there."""

from shebaoka.chip.chip import Chip
from shebaoka.chip.command import Case, Entry, Request
from shebaoka.chip.errors import CardError
from shebaoka.chip.values import Changes
from shebaoka.psam.carrier.issue import MAC, authenticated
from shebaoka.psam.carrier.session import opened, sealed_answer
from shebaoka.psam.carrier.state import (
    BLOCK_COUNT,
    CHECK,
    EXPORT,
    MANIFEST,
    REFERENCE,
    State,
    block_address,
    state_of,
)
from shebaoka.spec import sw

MOST_BLOCKS = 2000
LARGEST = 240  # bytes of a block or manifest


def begin(chip: Chip, request: Request) -> bytes:
    """``reference 8 ‖ MAC``: an export begins; blocks of an unfinished one are erased. CardError 6985 on a
    card whose content is complete."""
    reference = authenticated(chip, request)
    if state_of(chip) not in (State.EMPTY, State.INCOMPLETE) or not any(reference):
        raise CardError(sw.CONDITIONS)
    changes: Changes = dict.fromkeys(map(block_address, range(1, _count(chip) + 1)))
    chip.commit({**changes, EXPORT: reference, BLOCK_COUNT: bytes(2)})
    return b""


def write_block(chip: Chip, request: Request) -> bytes:
    """P1P2 number, ``block ‖ MAC``: the next block. CardError 6985 outside an export, 6A83 for another
    number than the next."""
    block = authenticated(chip, request)
    if state_of(chip) is not State.INCOMPLETE:
        raise CardError(sw.CONDITIONS)
    number = request.p1 << 8 | request.p2
    if number != _count(chip) + 1:
        raise CardError(sw.RECORD_NOT_FOUND)
    if number > MOST_BLOCKS:
        raise CardError(sw.NO_SPACE)
    chip.commit({block_address(number): block, BLOCK_COUNT: number.to_bytes(2)})
    return b""


def commit(chip: Chip, request: Request) -> bytes:
    """``manifest ‖ MAC``: the content is complete and cannot be changed any more, only erased."""
    manifest = authenticated(chip, request)
    if state_of(chip) is not State.INCOMPLETE or not _count(chip):
        raise CardError(sw.CONDITIONS)
    chip.commit({MANIFEST: manifest})
    return b""


def read_block(chip: Chip, request: Request) -> bytes:
    """P1P2: number of the block, 0 for the manifest; inside a session. Gives it with the answer's MAC."""
    session = opened(chip)
    number = request.p1 << 8 | request.p2
    block = chip.octets(block_address(number) if number else MANIFEST)
    if not block:
        raise CardError(sw.RECORD_NOT_FOUND)
    return sealed_answer(session, request, block)


def _count(chip: Chip) -> int:
    return int.from_bytes(chip.octets(BLOCK_COUNT))


_NUMBERS = range(0x10000)
CONTENTS = (
    Entry("BEGIN EXPORT", 0x84, 0xE6, begin, lengths=(REFERENCE + MAC,), source="carriers 6"),
    Entry(
        "WRITE BLOCK",
        0x84,
        0xE8,
        write_block,
        parameters=_NUMBERS,
        lengths=range(1 + MAC, LARGEST + MAC + 1),
        source="carriers 7",
    ),
    Entry(
        "COMMIT EXPORT",
        0x84,
        0xEA,
        commit,
        lengths=range(CHECK + MAC, LARGEST + MAC + 1),
        source="carriers 8",
    ),
    Entry(
        "READ BLOCK",
        0x80,
        0xB4,
        read_block,
        case=Case.OUT,
        parameters=_NUMBERS,
        keeps=True,
        source="carriers 9",
    ),
)
