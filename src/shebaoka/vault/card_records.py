"""The journal of what carriers and PSAMs hold: a hash-chained file beside the vault that filled them.

It is written before a card gets its keys, so that it never knows less than a card that goes missing."""

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from shebaoka.journal.file import JournalFile
from shebaoka.journal.record import Record
from shebaoka.journal.verify import verify_file
from shebaoka.vault.contents import Act, Contents, held
from shebaoka.vault.model import Body, VaultError

Note = Callable[[Act, Contents], None]
"""Where those who fill cards report what they are about to put on one."""


def unrecorded(act: Act, contents: Contents) -> None:
    """Keeps no record."""


class CardRecords:
    """The journal of one body, to be used in a ``with`` block. The file is made with its first record."""

    def __init__(self, path: Path, owner: Body) -> None:
        self._path = path
        self._chain = f"cards of {owner.code or 'nation'}"
        self._journal: JournalFile | None = None
        self._held: dict[str, Contents] = {}

    def __enter__(self) -> Self:
        if _has_records(self._path):
            self._journal = JournalFile.open(self._path)
            try:
                if self._journal.chain != self._chain:
                    raise VaultError(
                        f"{self._path}: is the journal {self._journal.chain!r}, not {self._chain!r}; "
                        "name another file"
                    )
                self._held = held(map(_read, self._journal.records))
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
        """Adds a record unless it says what is known already, as when an interrupted export is repeated.

        ``contents.time`` needs a zone. Raises JournalError, and then nothing was recorded."""
        before = self._held.get(contents.serial)
        now = held([*([(Act.FILLED, before)] if before else []), (act, contents)])[contents.serial]
        if before is not None and act is not Act.ISSUED and before.data() == now.data():
            return
        if self._journal is None:
            self._path.unlink(missing_ok=True)  # begun, but killed before its first record was whole
            self._journal = JournalFile.create(self._path, self._chain)
        self._journal.append(act, time=contents.time, data=contents.data())
        self._held[contents.serial] = now


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
