"""Python imports this first in every watched process: it keeps what the process removes, replaces or cuts
off, writes down how living objects of ours show themselves, and can kill the process at a write, half of it
done.

SCAN_KEPT: folder for what is kept; without it nothing is watched."""

import atexit
import gc
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

_OURS = "shebaoka."
_PUBLIC = "shebaoka.spec."  # what everybody may read: layouts, codes, catalogues
_SHOWINGS = 3  # in one process, and once more at its end
_BIG = 5_000_000


class Watch:
    """Of one process."""

    def __init__(self, kept: Path) -> None:
        self._kept = kept
        self._number = 0
        self._showings = 0
        self.busy = False
        self._shown: set[str] = set()

    def hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        """An audit hook: keeps a file before it is gone."""
        if self.busy:
            return
        self.busy = True
        try:
            match event, arguments:
                case "os.remove", (path, folder):
                    self._keep(path, folder)
                    self._show()
                case "os.rename", (source, target, from_folder, to_folder):
                    self._keep(source, from_folder)
                    self._keep(target, to_folder)
                    self._show()
                case "open", (path, _, int(flags)) if flags & os.O_TRUNC:
                    self._keep(path, -1)
                case "os.truncate", (path, _):
                    self._keep(path, -1)
        finally:
            self.busy = False

    def kept(self, name: str) -> Path:
        """A new file in the folder."""
        self._number += 1
        return self._kept / f"{os.getpid()}-{self._number}-{name}"

    def _keep(self, path: Any, folder: int) -> None:
        name = str(Path(f"/proc/self/fd/{path}").readlink()) if isinstance(path, int) else os.fsdecode(path)
        if folder >= 0 and not name.startswith("/"):
            name = f"/proc/self/fd/{folder}/{name}"
        file = Path(name)
        try:
            if file.is_file() and file.stat().st_size < _BIG:
                self.kept(file.name).write_bytes(file.read_bytes())
        except OSError:
            pass

    def show(self) -> None:
        """The same at the end of the process."""
        self._showings = 0
        self.busy = True
        self._show()

    def _show(self) -> None:
        self._showings += 1
        if self._showings <= _SHOWINGS:
            texts = {_shown(thing) for thing in _living()} - self._shown
            self._shown |= texts
            self.kept("living.txt").write_text("\n".join(sorted(texts)), "utf-8", "replace")


class Death:
    """At the ``at``-th call that changes a disk or a token; 0 never. ``calls``: how many there were."""

    def __init__(self, at: int) -> None:
        self._at = at
        self.calls = 0

    def armed(self, call: Callable[..., Any], half: Callable[..., Any] | None = None) -> Callable[..., Any]:
        """A call at which the process may die."""

        def guarded(*arguments: Any, **named: Any) -> Any:
            if _watch is None or not _watch.busy:
                self.calls += 1
                if self.calls == self._at:
                    if half is not None:
                        half(*arguments)
                    os.kill(os.getpid(), signal.SIGKILL)
            return call(*arguments, **named)

        return guarded


def _living() -> Iterator[object]:
    """Objects of our own classes, what they refer to, and the locals of all frames."""
    for thing in gc.get_objects():
        if _ours(thing):
            yield thing
            yield from filter(_ours, gc.get_referents(thing))
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        for value in frame.f_locals.values():
            yield from filter(_ours, _inside(value))
        frame = frame.f_back


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return (*value, value) if isinstance(value, list | tuple | set | frozenset) else (value,)


def _ours(thing: object) -> bool:
    module = getattr(type(thing), "__module__", "")
    return isinstance(module, str) and module.startswith(_OURS) and not module.startswith(_PUBLIC)


def _shown(thing: object) -> str:
    try:
        shown = f"{type(thing).__name__}: {thing!r} {thing}"
        if isinstance(thing, BaseException):
            shown += "".join(traceback.format_exception(thing))
    except Exception as error:
        return f"{type(thing).__name__} does not show itself: {type(error).__name__}"
    return shown[:20_000]


def arm(number: int) -> Death:
    """From now on: dies at the ``number``-th write, flush, cutting, renaming or removal."""
    death, write = Death(number), os.write
    os.write = death.armed(write, lambda descriptor, data: write(descriptor, data[: len(data) // 2]))
    os.fsync = death.armed(os.fsync, _halve)
    for name in ("ftruncate", "replace", "rename", "unlink", "remove"):
        setattr(os, name, death.armed(getattr(os, name)))
    return death


def _halve(descriptor: int) -> None:
    """What Python wrote by itself into a new file (.NAME...) was only half written."""
    file = Path(f"/proc/self/fd/{descriptor}")
    if file.is_file() and file.readlink().name.startswith("."):
        os.truncate(file, os.fstat(descriptor).st_size // 2)


def _begin() -> Watch | None:
    if "SCAN_KEPT" not in os.environ:
        return None
    watch = Watch(Path(os.environ["SCAN_KEPT"]))
    sys.addaudithook(watch.hook)
    atexit.register(watch.show)
    return watch


_watch = _begin()
