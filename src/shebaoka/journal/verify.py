"""Proves a chain from its lines alone, or names the first record that was changed, removed, inserted or
reordered.

A chain whose every record from some place on was made anew fits together again, and so does one whose last
records were cut off: against both stands the head hash, which is signed on paper.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shebaoka.journal.canonical import JournalError
from shebaoka.journal.classify import Line, TamperedError, Tampering, name_tampering
from shebaoka.journal.record import NOTHING_BEFORE, Record, read_record


@dataclass(frozen=True)
class Verified:
    """A chain that holds: its records, and the hash of the last one."""

    records: tuple[Record, ...]

    @property
    def chain(self) -> str:
        """The id of the chain."""
        return self.records[0].chain

    @property
    def head(self) -> str:
        """The hash that stands for the whole chain."""
        return self.records[-1].hash


def verify(lines: Sequence[bytes], head: str | None = None) -> Verified:
    """The records of ``lines`` (without line ends) after checking each and how they hang together.

    ``head``: the hash signed on paper; then nothing can have been cut off or made anew either. Raises
    TamperedError naming the first tampering."""
    if not lines:
        raise JournalError("there is no record")
    read = [_read(line) for line in lines]
    before = NOTHING_BEFORE
    records: list[Record] = []
    for number, (record, _) in enumerate(read):
        if record is None or not _follows(record, before, records):
            raise name_tampering(read, number)
        records.append(record)
        before = record.hash
    if head is not None:
        _check_head(records, head)
    return Verified(tuple(records))


def verify_file(path: Path, head: str | None = None) -> Verified:
    """The chain in a file. Raises TamperedError or JournalError, one line that begins with the file's
    name."""
    try:
        return verify(lines_of(path.read_bytes()), head)
    except TamperedError as error:
        raise TamperedError(error.kind, error.sequence, error.line, error.text, f"{path}: ") from None
    except JournalError as error:
        raise JournalError(f"{path}: {error}") from None
    except OSError as error:
        raise JournalError(f"{path}: cannot be read: {error.strerror}") from None


def lines_of(content: bytes) -> list[bytes]:
    """The lines of a file. Raises TamperedError for a last line without its end: the writing of that record
    was interrupted, or it was cut."""
    lines = content.split(b"\n")
    if lines.pop():
        number = len(lines) + 1
        raise TamperedError(
            Tampering.UNFINISHED, number, number, "the file ends in the middle of this record"
        )
    return lines


def _read(line: bytes) -> Line:
    try:
        record = read_record(line)
    except JournalError as error:
        return None, str(error)
    return (record, "") if record.intact else (record, "its content does not fit its hash")


def _follows(record: Record, before: str, records: Sequence[Record]) -> bool:
    return (
        record.intact
        and record.previous == before
        and record.sequence == len(records) + 1
        and (not records or record.chain == records[0].chain)
    )


def _check_head(records: Sequence[Record], head: str) -> None:
    wanted, last = head.lower().replace(" ", ""), records[-1]
    if last.hash == wanted:
        return
    place = next((record.sequence for record in records if record.hash == wanted), None)
    if place is not None:
        raise TamperedError(
            Tampering.INSERTED,
            place + 1,
            place + 1,
            f"the signed head hash is that of record {place}, so what follows was added after signing",
        )
    raise TamperedError(
        Tampering.REMOVED,
        last.sequence + 1,
        len(records) + 1,
        "the signed head hash is not in the chain: its last records were removed or the chain was made anew",
    )
