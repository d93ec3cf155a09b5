"""A disk in memory that can lose power at any step, with or without what was not synced."""

from collections.abc import Callable
from typing import TypeAlias


class PowerCutError(BaseException):
    """The power goes at this step; BaseException, so that nothing handles it."""


Plan: TypeAlias = tuple[int, str]  # number of the step, "before" | "during" | "after"


class FakeDisk:
    """Files as bytes: what programs see and what is on the device. Survives the programs using it.

    ``steps`` counts operations that touch the device; ``cut`` names one at which the power goes: before,
    during (half of the data), or after it.
    """

    def __init__(self) -> None:
        self.seen: bytes | None = None
        self.device: bytes | None = None
        self.temporary: bytes | None = None
        self.temporary_device: bytes | None = None
        self.renamed: bytes | None = None
        self.moved = False
        self.steps = self.appends = 0
        self.cut: Plan | None = None
        self.fail: Plan | None = None

    def arm(self, cut: Plan | None = None, fail: Plan | None = None) -> None:
        self.steps, self.cut, self.fail = 0, cut, fail

    def after_kill(self) -> "FakeDisk":
        """The program died; the machine did not: everything written is there."""
        disk = FakeDisk()
        disk.seen = disk.device = self.seen
        disk.temporary = self.temporary
        return disk

    def after_power_loss(self, keep: float) -> "FakeDisk":
        """The machine died: of what was not synced only a part is there, and no rename."""
        disk = FakeDisk()
        synced = self.device or b""
        grown = not self.moved and (self.seen or b"").startswith(synced)
        rest = (self.seen or b"")[len(synced) :] if grown else b""
        kept = rest[: int(len(rest) * keep)]
        disk.seen = disk.device = None if self.device is None else synced + kept
        return disk

    def step(self, do: Callable[[float], None]) -> None:
        self.steps += 1
        for plan, error in ((self.cut, PowerCutError), (self.fail, OSError)):
            if plan and plan[0] == self.steps:
                if plan[1] == "during":
                    do(0.5)
                elif plan[1] == "after":
                    do(1.0)
                raise error("at this step")
        do(1.0)

    # The medium of a FileStore.

    def read(self) -> bytes | None:
        return self.seen

    def append(self, data: bytes, length: int) -> None:
        assert len(self.seen or b"") == length
        self.appends += 1

        def do(part: float) -> None:
            self.seen = (self.seen or b"") + data[: int(len(data) * part)]

        self.step(do)

    def truncate(self, length: int) -> None:
        def do(part: float) -> None:
            if part == 1.0:
                self.seen = (self.seen or b"")[:length]
                self.device = (self.device or b"")[:length]

        self.step(do)

    def sync(self) -> None:
        def do(part: float) -> None:
            if part == 1.0 and self.moved:
                self.renamed = self.seen  # the name still leads to the old file
            elif part == 1.0:
                self.device = self.seen

        self.step(do)

    def write_temporary(self, data: bytes) -> None:
        def do(part: float) -> None:
            self.temporary = data[: int(len(data) * part)]

        self.step(do)

    def sync_temporary(self) -> None:
        def do(part: float) -> None:
            if part == 1.0:
                self.temporary_device = self.temporary

        self.step(do)

    def rename(self) -> None:
        def do(part: float) -> None:
            if part == 1.0:
                self.seen, self.temporary = self.temporary, None
                self.renamed, self.temporary_device = self.temporary_device, None
                self.moved = True

        self.step(do)

    def sync_directory(self) -> None:
        def do(part: float) -> None:
            if part == 1.0:
                self.device, self.moved = self.renamed, False

        self.step(do)

    def discard_temporary(self) -> None:
        self.temporary = None

    def close(self) -> None:
        pass
