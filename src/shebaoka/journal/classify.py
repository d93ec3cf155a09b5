"""What was done to a chain that does not hold: told from the links between the records that are left.

Every record names the hash of the one before it. Where the line stops, the records after it still bear
witness to what stood there."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeAlias

from shebaoka.journal.canonical import JournalError
from shebaoka.journal.record import NOTHING_BEFORE, Record

Line: TypeAlias = tuple[Record | None, str]
"""A line as it was read: its record, if it is one, and what is wrong with it in itself."""


class Tampering(StrEnum):
    """What happened to a record."""

    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    REORDERED = "reordered"
    UNFINISHED = "unfinished"


class TamperedError(JournalError):
    """The chain does not hold. ``sequence``: the number of the first record concerned; ``line``: where in the
    file, from 1; ``text``: how it is known."""

    def __init__(self, kind: Tampering, sequence: int, line: int, text: str, where: str = "") -> None:
        super().__init__(f"{where}record {sequence} was {_WORDS.get(kind, kind)} (line {line}): {text}")
        self.kind = kind
        self.sequence = sequence
        self.line = line
        self.text = text


_WORDS = {Tampering.UNFINISHED: "not finished"}


def name_tampering(lines: Sequence[Line], number: int) -> TamperedError:
    """The error for ``lines[number]``, the first that does not follow; all before it do."""
    record, wrong = lines[number]
    before = _hash_at(lines, number - 1)
    follower = _record_at(lines, number + 1)
    expected = number + 1

    def error(kind: Tampering, sequence: int, text: str, line: int = number) -> TamperedError:
        return TamperedError(kind, sequence, line + 1, text)

    if record is None or wrong:
        if follower is not None and follower.previous == before:
            return error(Tampering.INSERTED, expected, "the record after it follows the record before it")
        return error(Tampering.CHANGED, expected, wrong)
    copies = [n for n, (other, _) in enumerate(lines) if n != number and other == record]
    if copies:
        return error(Tampering.INSERTED, expected, f"it is a copy of record {record.sequence}")
    first = _record_at(lines, 0) if number else None
    followed = follower is not None and follower.previous == record.hash
    if first is not None and record.chain != first.chain and not followed:
        return error(Tampering.INSERTED, expected, f"it belongs to the chain {record.chain}")
    displaced = any(
        other is not None and other.previous == before and other.sequence == expected
        for other, _ in lines[number + 1 :]
    )
    if record.sequence < expected:
        place = number - 1 if followed else number
        return error(
            Tampering.INSERTED, record.sequence, f"two records claim to be number {record.sequence}", place
        )
    if record.sequence > expected:
        if displaced:
            return error(Tampering.REORDERED, record.sequence, f"it stands in the place of record {expected}")
        many = record.sequence - expected
        gone = f"records {expected} to {record.sequence - 1} are" if many > 1 else f"record {expected} is"
        return error(Tampering.REMOVED, expected, f"{gone} missing before record {record.sequence}")
    if displaced:
        return error(Tampering.INSERTED, expected, f"two records claim to be number {expected}")
    return _rehashed(lines, number, record, follower)


def _rehashed(lines: Sequence[Line], number: int, record: Record, follower: Record | None) -> TamperedError:
    """Right number, intact, and yet it names another predecessor: one of the two was made anew."""
    if number == 0:
        return TamperedError(Tampering.CHANGED, 1, 1, "the first record names a record before it")
    if follower is not None and follower.previous != record.hash:
        return TamperedError(
            Tampering.CHANGED, number + 1, number + 1, "neither neighbor knows it: it was made anew"
        )
    text = f"record {number + 1} names another record before it, so this one was made anew"
    if follower is None:
        text += f", or record {number + 1} was"
    return TamperedError(Tampering.CHANGED, number, number, text)


def _record_at(lines: Sequence[Line], number: int) -> Record | None:
    return lines[number][0] if 0 <= number < len(lines) else None


def _hash_at(lines: Sequence[Line], number: int) -> str:
    record = _record_at(lines, number)
    return NOTHING_BEFORE if record is None else record.hash
