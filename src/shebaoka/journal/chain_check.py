"""One chain of an export, followed line by line; looked at closely only where it does not hold."""

from itertools import islice
from pathlib import Path

from shebaoka.journal.canonical import JournalError
from shebaoka.journal.classify import TamperedError, Tampering
from shebaoka.journal.findings import Finding
from shebaoka.journal.record import NOTHING_BEFORE, read_record
from shebaoka.journal.swift import Glimpse, glimpse
from shebaoka.journal.verify import verify


class ChainCheck:
    """``announced``: how many records the file says it has; ``start``: where in the file its first one is.
    ``signed``: number of a record -> its hash and the checkpoint that signed it."""

    def __init__(self, chain: str, announced: int, start: int) -> None:
        self.chain = chain
        self.announced = announced
        self.start = start
        self.rows = 0
        self.before = NOTHING_BEFORE
        self.signed: dict[int, tuple[str, int]] = {}
        self._holds = True
        self._anew: Finding | None = None

    def follow(self, line: bytes) -> None:
        """The next line of the file."""
        self.rows += 1
        if not self._holds:
            return
        text = line.removesuffix(b"\n")
        seen = glimpse(text) or _closely(text)
        self._holds = (
            seen is not None
            and line.endswith(b"\n")
            and seen.previous == self.before
            and seen.sequence == self.rows
            and seen.chain == self.chain
        )
        if seen is None or not self._holds:
            return
        self.before = seen.hash
        if self.signed and self.rows in self.signed and self._anew is None:
            signed, checkpoint = self.signed[self.rows]
            if signed != seen.hash:
                text_ = f"checkpoint {checkpoint} signed another record: the chain was made anew"
                self._anew = Finding(self.chain, self.rows, Tampering.CHANGED, text_)

    def close(self, path: Path) -> list[Finding]:
        """What was found once all its lines were seen."""
        if not self._holds:
            return [self._named(path)]
        if self._anew is not None:
            return [self._anew]
        last = max(self.signed, default=0)
        if last > self.rows:
            checkpoint = self.signed[last][1]
            text = f"records {self.rows + 1} to {last}, which checkpoint {checkpoint} signed, were cut off"
            return [Finding(self.chain, self.rows + 1, Tampering.REMOVED, text)]
        if self.announced != self.rows:
            text = f"the file announces {self.announced} records and has {self.rows}"
            kind = Tampering.REMOVED if self.announced > self.rows else Tampering.INSERTED
            return [Finding(self.chain, min(self.announced, self.rows) + 1, kind, text)]
        return []

    def _named(self, path: Path) -> Finding:
        with path.open("rb") as file:
            file.seek(self.start)
            lines = [line.removesuffix(b"\n") for line in islice(file, self.rows)]
        try:
            verify(lines)
        except TamperedError as error:
            return Finding(self.chain, error.sequence, error.kind, error.text)
        except JournalError as error:
            return Finding(self.chain, 1, Tampering.CHANGED, str(error))
        text = "its records belong to another chain, or the file ends in the middle of one"
        return Finding(self.chain, 1, Tampering.CHANGED, text)


def _closely(line: bytes) -> Glimpse | None:
    try:
        record = read_record(line)
    except JournalError:
        return None
    if not record.intact:
        return None
    return Glimpse(record.chain, record.sequence, record.previous, record.hash, record.time)
