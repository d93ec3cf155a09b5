"""The few operations a file store needs from a disk, so that tests can cut the power at each of them."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol


class Medium(Protocol):
    """One file that can be appended to, cut back, and replaced as a whole through a temporary file.

    Every method may raise OSError. ``sync*`` make what was written survive a loss of power.
    """

    def read(self) -> bytes | None:
        """The whole file; None when there is none."""

    def append(self, data: bytes, length: int) -> None:
        """Add to the end of the file, which must be ``length`` bytes long."""

    def truncate(self, length: int) -> None:
        """Cut the file back."""

    def sync(self) -> None:
        """Flush the file."""

    def write_temporary(self, data: bytes) -> None:
        """Write the temporary file anew."""

    def sync_temporary(self) -> None:
        """Flush the temporary file."""

    def rename(self) -> None:
        """Put the temporary file in the place of the file."""

    def sync_directory(self) -> None:
        """Flush the directory entry."""

    def discard_temporary(self) -> None:
        """Remove a temporary file left behind."""

    def close(self) -> None:
        """Give the file back."""


class DiskMedium:
    """A file of the file system, mode 0600, beside which a temporary file may appear.

    Every write locks it and is refused (OSError) when it is no longer the file as last read or written:
    then another program has written to it.
    """

    __slots__ = ("_descriptor", "_path", "_seen", "_temporary")

    def __init__(self, path: Path) -> None:
        self._descriptor: int | None = None
        self._path = path
        self._temporary = path.parent / f".{path.name}.tmp"
        self._seen: tuple[int, ...] = ()  # which file it was, and how long, when last read or written

    def __repr__(self) -> str:
        return f"<disk {self._path}>"

    def read(self) -> bytes | None:
        """All of the file, or None when there is none."""
        try:
            with self._path.open("rb") as file:
                self._seen = _identity(os.fstat(file.fileno()))
                return file.read()
        except FileNotFoundError:
            return None

    def append(self, data: bytes, length: int) -> None:
        """Add to the end. A short write raises OSError and leaves a part behind."""
        with self._locked() as descriptor:
            if os.fstat(descriptor).st_size != length:
                raise self._changed()
            written = os.write(descriptor, data)
            if written != len(data):
                raise OSError(f"{self._path}: only {written} of {len(data)} bytes written")

    def truncate(self, length: int) -> None:
        """Cut the file back to ``length`` bytes."""
        with self._locked() as descriptor:
            os.ftruncate(descriptor, length)

    def sync(self) -> None:
        """Flush the file to the device."""
        os.fsync(self._open())

    def write_temporary(self, data: bytes) -> None:
        """Write the temporary file anew."""
        with contextlib.suppress(FileNotFoundError):
            self._temporary.unlink()
        descriptor = os.open(self._temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
            file.write(data)

    def sync_temporary(self) -> None:
        """Flush the temporary file to the device."""
        descriptor = os.open(self._temporary, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def rename(self) -> None:
        """Put the temporary file in the place of the file, atomically."""
        status = self._temporary.stat()
        with self._locked() if self._descriptor is not None else contextlib.nullcontext():
            self._temporary.replace(self._path)
        self.close()
        self._seen = _identity(status)

    def sync_directory(self) -> None:
        """Flush the directory entry to the device."""
        descriptor = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def discard_temporary(self) -> None:
        """Remove a temporary file that was left behind."""
        with contextlib.suppress(OSError):
            self._temporary.unlink()

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Give the file descriptor back; the next operation opens the file again."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _open(self) -> int:
        if self._descriptor is None:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_APPEND)
        return self._descriptor

    @contextlib.contextmanager
    def _locked(self) -> Iterator[int]:
        descriptor = self._open()
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        try:
            status = os.fstat(descriptor)
            if _identity(status) != self._seen or status.st_nlink == 0:
                raise self._changed()
            try:
                yield descriptor
            finally:
                self._seen = _identity(os.fstat(descriptor))
        finally:
            fcntl.flock(descriptor, fcntl.LOCK_UN)

    def _changed(self) -> OSError:
        return OSError(f"{self._path}: another program has changed the file")


def _identity(status: os.stat_result) -> tuple[int, ...]:
    return status.st_dev, status.st_ino, status.st_size
