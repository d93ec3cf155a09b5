"""Stores: the only way to change a chip's persistent state, all or nothing per commit.

:class:`MemoryStore` keeps it in memory and writes it once when told to. :class:`FileStore` keeps one file:
snapshot plus append-only journal. After kill -9 at any point the file holds the state before or after a
commit; with ``durable=True`` the same holds for loss of power.
"""

import contextlib
from pathlib import Path
from typing import Protocol

from shebaoka.chip.image import FrameCodec, ImageError, apply_changes, image_kind, new_codec, open_image
from shebaoka.chip.medium import DiskMedium, Medium
from shebaoka.chip.values import KIND, Address, Changes, State, Value

__all__ = ["FileStore", "ImageError", "MemoryStore", "Store", "image_kind", "load_image"]

_COMPACT_AT = 256 * 1024  # bytes of journal, or so many times the snapshot if that is more
_COMPACT_TIMES = 4


class Store(Protocol):
    """Persistent state of one chip."""

    @property
    def state(self) -> State:
        """Address to value; read only."""

    def commit(self, changes: Changes) -> None:
        """Apply all changes. Raises OSError when they could not be written: nothing changed then."""

    def commit_torn(self, changes: Changes) -> None:
        """Begin to commit and lose power on the way."""

    def recover(self) -> None:
        """After a loss of power: the state as it was written."""

    def close(self) -> None:
        """Give files back."""


class MemoryStore:
    """State in memory; ``save`` writes it as one image."""

    __slots__ = ("_state",)

    def __init__(self, state: dict[Address, Value] | None = None) -> None:
        self._state: dict[Address, Value] = {} if state is None else state

    def __repr__(self) -> str:
        return f"<memory store, {len(self._state)} values>"

    @property
    def state(self) -> State:
        """Address to value; read only."""
        return self._state

    def commit(self, changes: Changes) -> None:
        """Apply all changes."""
        apply_changes(self._state, changes)

    def commit_torn(self, changes: Changes) -> None:
        """Power is lost during the write: nothing of it remains."""

    def recover(self) -> None:
        """Nothing to do: memory is never half written."""

    def close(self) -> None:
        """Nothing to give back."""

    def save(self, path: Path, passphrase: str | None = None) -> None:
        """Write an image, mode 0600, atomically. Raises OSError."""
        medium = DiskMedium(path)
        codec = new_codec(_kind(self._state), passphrase)
        _replace(medium, codec.snapshot(self._state), durable=True)

    def copy(self) -> "MemoryStore":
        """An independent store with the same state."""
        return MemoryStore(dict(self._state))


class FileStore:
    """State in one file. An absent file is created by the first commit.

    Raises ImageError for a malformed image or a wrong passphrase, OSError when the file cannot be read.
    """

    __slots__ = (
        "_codec",
        "_dirty",
        "_durable",
        "_frames",
        "_length",
        "_medium",
        "_moved",
        "_passphrase",
        "_snapshot",
        "_state",
    )

    def __init__(
        self,
        path: Path | None = None,
        durable: bool = False,
        passphrase: str | None = None,
        *,
        medium: Medium | None = None,
    ) -> None:
        if medium is None:
            if path is None:
                raise ValueError("a file store needs a path")
            medium = DiskMedium(path)
        self._medium = medium
        self._durable = durable
        self._passphrase = passphrase
        self._codec: FrameCodec | None = None
        self._moved = False
        self._load()

    def __repr__(self) -> str:
        return f"<file store on {self._medium!r}>"

    @property
    def state(self) -> State:
        """Address to value; read only."""
        return self._state

    def commit(self, changes: Changes) -> None:
        """Append the changes to the journal, then apply them. Raises OSError: state as before."""
        if self._codec is None:
            self._create(changes)
            return
        frame = self._codec.journal(changes, self._frames + 1)
        self._append(frame)
        self._frames += 1
        self._length += len(frame)
        apply_changes(self._state, changes)
        if self._length - self._snapshot > max(_COMPACT_AT, _COMPACT_TIMES * self._snapshot):
            self._compact()

    def commit_torn(self, changes: Changes) -> None:
        """Write the first half of the journal frame and stop, as a cut of power would."""
        if self._codec is not None:
            frame = self._codec.journal(changes, self._frames + 1)
            self._cut_back()
            self._dirty = True
            self._medium.append(frame[: len(frame) // 2], self._length)

    def recover(self) -> None:
        """Read the file again, as after a restart."""
        self._medium.close()
        self._load()

    def close(self) -> None:
        """Give the file back."""
        self._medium.close()

    def _load(self) -> None:
        self._medium.discard_temporary()
        self._state: dict[Address, Value] = {}
        self._frames = self._length = self._snapshot = 0
        self._dirty = False
        raw = self._medium.read()
        if raw is None:
            return
        if self._codec is not None and raw.startswith(self._codec.header):
            opened = open_image(raw, None, self._codec)
        else:
            opened = open_image(raw, self._passphrase)
        self._state, self._codec, self._frames, self._length = opened[:4]
        self._dirty = self._length < len(raw)
        self._snapshot = opened.snapshot

    def _append(self, frame: bytes) -> None:
        self._sync_directory()
        self._cut_back()
        self._dirty = True
        self._medium.append(frame, self._length)
        if self._durable:
            self._medium.sync()
        self._dirty = False

    def _cut_back(self) -> None:
        """Remove what a failed or torn write left behind the last good frame."""
        if self._dirty:
            self._medium.truncate(self._length)
            self._dirty = False

    def _create(self, changes: Changes) -> None:
        state: dict[Address, Value] = {}
        apply_changes(state, changes)
        codec = new_codec(_kind(state), self._passphrase)
        image = codec.snapshot(state)
        _replace(self._medium, image, self._durable)
        self._codec, self._state = codec, state
        self._length = self._snapshot = len(image)

    def _compact(self) -> None:
        """Fold the journal into a new snapshot. The commit is done already: failing costs only space."""
        assert self._codec is not None  # noqa: S101 - only called after a commit
        generation = self._codec.generation
        image = self._codec.snapshot(self._state)
        try:
            _put_in_place(self._medium, image, self._durable)
        except OSError:
            self._codec.generation = generation
            self._medium.discard_temporary()
            return
        self._frames = 0
        self._length = self._snapshot = len(image)
        self._moved = self._durable
        with contextlib.suppress(OSError):  # tried again before the next commit, which depends on it
            self._sync_directory()

    def _sync_directory(self) -> None:
        if self._moved:
            self._medium.sync_directory()
            self._moved = False


def load_image(path: Path, passphrase: str | None = None) -> MemoryStore:
    """The state of an image, in memory. Raises ImageError or OSError."""
    return MemoryStore(open_image(path.read_bytes(), passphrase).state)


def _replace(medium: Medium, image: bytes, durable: bool) -> None:
    _put_in_place(medium, image, durable)
    if durable:
        medium.sync_directory()


def _put_in_place(medium: Medium, image: bytes, durable: bool) -> None:
    medium.write_temporary(image)
    if durable:
        medium.sync_temporary()
    medium.rename()


def _kind(state: State) -> str:
    kind = state.get(KIND, b"card")
    return kind.decode("ascii") if isinstance(kind, bytes) else "card"
