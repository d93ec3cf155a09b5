"""The audit record of personalization (Part 10 §6.6): an entry per card and per application, without secrets.

``audit.jsonl``: one JSON object a line. A card is named by its row and its ATR serial, never by card
number, person or key; keys by name and version only."""

from collections.abc import Callable, Sequence
from datetime import datetime
from io import FileIO
from pathlib import Path

import msgspec

from shebaoka.personalization.journal import write_whole
from shebaoka.personalization.load import ApplicationResult
from shebaoka.personalization.prepare import PreparedCard


class ApplicationEntry(msgspec.Struct, tag="application", tag_field="event"):
    """Records written and read back in one application; ``repeated``: places that needed a repetition."""

    time: datetime
    batch: str
    row: int
    serial: int
    application: str
    written: int
    verified: int
    repeated: list[str]


class CardEntry(msgspec.Struct, tag="card", tag_field="event"):
    """The end of a card: ``made``, ``found`` (finished before an interruption that kept its entry from being
    written, or its line of progress), or ``failed`` with the reason; how many keys it got."""

    time: datetime
    batch: str
    row: int
    serial: int
    status: str
    keys: int
    reason: str = ""


class AuditLog:
    """Appends entries; a card's entries are written together. ``clock`` gives the time with its zone."""

    def __init__(self, path: Path, batch: str, clock: Callable[[], datetime]) -> None:
        path.touch(mode=0o600)
        self._file = FileIO(path, "ab")
        self._batch = batch
        self._clock = clock

    def made(self, card: PreparedCard, results: Sequence[ApplicationResult], keys: int) -> None:
        """A finished card."""
        now = self._clock()
        entries: list[ApplicationEntry | CardEntry] = [
            ApplicationEntry(
                now, self._batch, card.row, card.serial, r.id, r.written, r.verified, list(r.repeated)
            )
            for r in results
        ]
        entries.append(CardEntry(now, self._batch, card.row, card.serial, "made", keys))
        self._write(entries)

    def found(self, card: PreparedCard, keys: int) -> None:
        """A card that is finished already."""
        self._write([CardEntry(self._clock(), self._batch, card.row, card.serial, "found", keys)])

    def failed(self, card: PreparedCard, reason: str) -> None:
        """A card that could not be made."""
        self._write([CardEntry(self._clock(), self._batch, card.row, card.serial, "failed", 0, reason)])

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    def _write(self, entries: Sequence[ApplicationEntry | CardEntry]) -> None:
        write_whole(self._file, b"".join(msgspec.json.encode(entry) + b"\n" for entry in entries))
