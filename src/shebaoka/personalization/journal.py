"""Append-only files of a batch: what was prepared, which cards were made. They survive a kill at any byte.

A frame is length 4 ‖ CRC-32 4 ‖ payload. A torn last frame is what a kill leaves; it is cut off when the
file is opened again for writing, and reading stops before it."""

import errno
import os
from collections.abc import Iterable, Iterator
from io import FileIO
from pathlib import Path
from typing import BinaryIO
from zlib import crc32

_HEAD = 8


def pack(payload: bytes) -> bytes:
    """A frame."""
    return len(payload).to_bytes(4) + crc32(payload).to_bytes(4) + payload


def frames(path: Path) -> Iterator[bytes]:
    """The payloads of all whole frames, from the beginning."""
    with path.open("rb") as file:
        yield from _whole(file)


def _whole(file: BinaryIO) -> Iterator[bytes]:
    while True:
        head = file.read(_HEAD)
        if len(head) < _HEAD:
            return
        payload = file.read(int.from_bytes(head[:4]))
        if len(payload) != int.from_bytes(head[:4]) or crc32(payload) != int.from_bytes(head[4:]):
            return
        yield payload


class Follower:
    """Reads a file that others append to: each call gives the whole frames that came since the last."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._at = 0

    def new(self) -> Iterator[bytes]:
        """The payloads that came since; none while the file does not exist."""
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(self._at)
            for payload in _whole(file):
                self._at += _HEAD + len(payload)
                yield payload


class Appender:
    """Adds frames to a file, mode 0600; a torn end is cut off first."""

    def __init__(self, path: Path) -> None:
        whole = sum(_HEAD + len(payload) for payload in frames(path)) if path.exists() else 0
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._file: FileIO = FileIO(descriptor, "ab")
        self._file.truncate(whole)

    def append(self, payload: bytes) -> None:
        """One frame in one write: a kill leaves it whole or torn, never mixed with another process's. Raises
        OSError when the disk is full."""
        write_whole(self._file, pack(payload))

    def append_all(self, payloads: Iterable[bytes]) -> None:
        """Many frames in one write."""
        write_whole(self._file, b"".join(map(pack, payloads)))

    def sync(self) -> None:
        """Waits until everything is on the disk."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Syncs and closes."""
        self.sync()
        self._file.close()


def write_whole(file: FileIO, data: bytes) -> None:
    """Writes everything at once or raises OSError."""
    if file.write(data) != len(data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
