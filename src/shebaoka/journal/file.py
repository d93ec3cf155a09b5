"""A chain in a file: one line for each record, on the disk before the call returns, never rewritten."""

import contextlib
import fcntl
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from shebaoka.journal.canonical import JournalError
from shebaoka.journal.record import Record, next_record
from shebaoka.journal.verify import lines_of, verify


class JournalFile:
    """An append-only chain, mode 0600; one program at a time writes to it. Made by :meth:`create` or
    :meth:`open`; to be closed."""

    def __init__(self, path: Path, descriptor: int, chain: str, records: tuple[Record, ...] = ()) -> None:
        self.path = path
        self.chain = chain
        self._descriptor = descriptor
        self._records = list(records)
        self._length = os.fstat(descriptor).st_size

    @classmethod
    def create(cls, path: Path, chain: str) -> Self:
        """A new chain. Raises JournalError when the file exists or cannot be made."""
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise JournalError(f"{path}: exists already; a chain is begun in a new file") from None
        except OSError as error:
            raise JournalError(f"{path}: cannot be written: {error.strerror}") from None
        _lock(path, descriptor)
        _sync_folder(path)
        return cls(path, descriptor, chain)

    @classmethod
    def open(cls, path: Path) -> Self:
        """A chain to go on with, verified. A last line whose writing was interrupted is cut off: its append
        never returned. Raises JournalError, TamperedError."""
        return cls._opened(path, "")

    @classmethod
    def go_on(cls, path: Path, chain: str) -> Self:
        """The same; begun as ``chain`` when there is no file, or one whose first record was never whole.
        Raises JournalError, TamperedError."""
        return cls._opened(path, chain) if path.exists() else cls.create(path, chain)

    @classmethod
    def _opened(cls, path: Path, chain: str) -> Self:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_APPEND)
        except OSError as error:
            raise JournalError(f"{path}: cannot be opened: {error.strerror}") from None
        try:
            _lock(path, descriptor)
            content = path.read_bytes()
            whole = content[: content.rfind(b"\n") + 1]
            records: tuple[Record, ...] = ()
            if whole or not chain:
                verified = verify(lines_of(whole))
                chain, records = verified.chain, verified.records
            if len(whole) != len(content):
                os.ftruncate(descriptor, len(whole))
                os.fsync(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        return cls(path, descriptor, chain, records)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def records(self) -> tuple[Record, ...]:
        """All records, from the first."""
        return tuple(self._records)

    @property
    def head(self) -> str | None:
        """The hash of the last record; None before the first."""
        return self._records[-1].hash if self._records else None

    def append(
        self,
        act: str,
        *,
        time: datetime,
        persons: Mapping[str, str] | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> Record:
        """Adds a record; when this returns it is on the disk. Raises JournalError, and then the file is as
        before."""
        last = self._records[-1] if self._records else None
        record = next_record(last, self.chain, act, time=time, persons=persons, data=data)
        line = record.line() + b"\n"
        try:
            if os.write(self._descriptor, line) != len(line):
                raise OSError(0, "the disk is full")
            os.fsync(self._descriptor)
        except OSError as error:
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, self._length)
            raise JournalError(f"{self.path}: cannot be written: {error.strerror}") from None
        self._length += len(line)
        self._records.append(record)
        return record

    def close(self) -> None:
        """Gives the file back."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _lock(path: Path, descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise JournalError(f"{path}: another program writes to it; wait until it is done") from None


def _sync_folder(path: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
