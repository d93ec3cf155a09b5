"""The journal of what carriers and PSAMs hold: a hash-chained file beside the vault that filled them.

It is written before a card gets its keys, so that it never knows less than a card that goes missing, and
again when the card has them. What was begun and not ended is ended by the same command, once more with the
card."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from shebaoka.journal.file import JournalFile
from shebaoka.journal.record import Record
from shebaoka.journal.verify import verify_file
from shebaoka.vault.contents import ENDS, Act, Contents, Holdings
from shebaoka.vault.model import Body, VaultError

Note = Callable[[Act, Contents], None]
"""Where those who fill cards report what they are about to put on one."""


def unrecorded(act: Act, contents: Contents) -> None:
    """Keeps no record."""


@contextmanager
def promised(note: Note, act: Act, contents: Contents) -> Iterator[None]:
    """Around one command that a card carries out as a whole: recorded before as begun, and after as done, or
    as abandoned when the card refused. When it did not answer, the record stays open."""
    note(act, contents)
    try:
        yield
    except ValueError as error:
        if not isinstance(error.__cause__, OSError):
            note(Act.ABANDONED, contents)
        raise
    note(next(end for end, begun in ENDS.items() if begun is act), contents)


class CardRecords:
    """The journal of one body, to be used in a ``with`` block. The file is made with its first record."""

    def __init__(self, path: Path, owner: Body) -> None:
        self._path = path
        self._chain = f"cards of {owner.code or 'nation'}"
        self._journal: JournalFile | None = None
        self._holdings = Holdings()

    def __enter__(self) -> Self:
        if _has_records(self._path):
            self._journal = JournalFile.open(self._path)
            try:
                if self._journal.chain != self._chain:
                    raise VaultError(
                        f"{self._path}: is the journal {self._journal.chain!r}, not {self._chain!r}; "
                        "name another file"
                    )
                self._holdings = Holdings(map(_read, self._journal.records))
            except BaseException:
                self._journal.close()
                raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._journal is not None:
            self._journal.close()

    def note(self, act: Act, contents: Contents) -> None:
        """Adds a record unless it says what is known already, as when an interrupted export is repeated, or
        ends what was not begun.

        ``contents.time`` needs a zone. Raises JournalError, and then nothing was recorded."""
        if not self._is_news(act, contents):
            return
        if self._journal is None:
            self._path.unlink(missing_ok=True)  # begun, but killed before its first record was whole
            self._journal = JournalFile.create(self._path, self._chain)
        self._journal.append(act, time=contents.time, data=contents.data())
        self._holdings.take(act, contents)

    def _is_news(self, act: Act, contents: Contents) -> bool:
        before = self._holdings.now.get(contents.serial)
        begun = self._holdings.open.get(contents.serial)
        if act is Act.ABANDONED:
            return begun is not None
        changed = before is None or before.data() != self._holdings.after(act, contents).data()
        match act:
            case Act.ISSUING:
                return begun is not act or changed
            case Act.FILLING:
                return changed or begun not in (None, act)
            case Act.ERASING:
                return begun is not act and (changed or begun is not None)
            case Act.EMPTIED:
                return begun is Act.ERASING
        return begun is ENDS[act] or changed


def read_card_records(path: Path) -> tuple[tuple[Act, Contents], ...]:
    """The records of a journal, proved. Raises JournalError or TamperedError, VaultError for another
    journal."""
    return tuple(map(_read, verify_file(path).records))


def _read(record: Record) -> tuple[Act, Contents]:
    try:
        act = Act(record.act)
    except ValueError:
        raise VaultError(f"{record.act!r} in {record.chain!r} is no record of a carrier or PSAM") from None
    return act, Contents.of(record.data, record.at)


def _has_records(path: Path) -> bool:
    try:
        return b"\n" in path.read_bytes()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise VaultError(f"{path}: cannot be read: {error.strerror}") from None
