"""A program that is killed (SIGKILL) at every step of its work on a real file; run by test_store.

For each step it forks a child that works on its own file and dies there, and prints
``step commits-answered``.
"""

import os
import signal
import sys
from pathlib import Path

from shebaoka.chip.medium import DiskMedium
from shebaoka.chip.store import FileStore
from shebaoka.chip.values import CONTENT, KIND, Changes


def commit(number: int) -> Changes:
    """Two values that must change together."""
    mark = bytes((number,))
    return {(CONTENT, 1, 1, 0): mark * 50, (CONTENT, 1, 2, 0): (mark,)}


COMMITS: tuple[Changes, ...] = (
    {KIND: b"card"},
    *(commit(number) for number in range(1, 5)),
)


class DeadlyMedium(DiskMedium):
    """Writes half of the data at the chosen step and kills its own process."""

    __slots__ = ("_step",)

    def __init__(self, path: Path, step: int) -> None:
        super().__init__(path)
        self._step = step

    def append(self, data: bytes, length: int) -> None:
        self._count()
        if self._step == 0:
            os.write(self._open(), data[: len(data) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        super().append(data, length)
        self._count()
        self._die()

    def write_temporary(self, data: bytes) -> None:
        self._count()
        if self._step == 0:
            super().write_temporary(data[: len(data) // 2])
            self._die()
        super().write_temporary(data)
        self._count()
        self._die()

    def rename(self) -> None:
        super().rename()
        self._count()
        self._die()

    def _count(self) -> None:
        self._step -= 1

    def _die(self) -> None:
        if self._step == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def work(path: Path, step: int, report: int) -> None:
    store = FileStore(medium=DeadlyMedium(path, step))
    for changes in COMMITS:
        store.commit(changes)
        os.write(report, b".")


def main(folder: Path) -> None:
    for step in range(1, 100):
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read)
            work(folder / str(step), step, write)
            os._exit(0)
        os.close(write)
        answered = 0
        while os.read(read, 1):
            answered += 1
        os.close(read)
        _, status = os.waitpid(child, 0)
        print(step, answered, flush=True)
        if os.WIFEXITED(status):
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]))
