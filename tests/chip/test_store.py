"""Stores: kill and power loss at every step, images, sealing, damage."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from chip import killed
from chip.disk import FakeDisk, PowerCutError
from shebaoka.chip import store as store_module
from shebaoka.chip.image import ImageError, apply_changes, image_kind
from shebaoka.chip.store import FileStore, MemoryStore, load_image
from shebaoka.chip.values import CONTENT, KIND, Address, Changes, Value

A: Address = (CONTENT, 1, 1, 0)
B: Address = (CONTENT, 1, 2, 0)
FIRST: Changes = {KIND: b"card", A: b"a0", B: (b"r0",)}
COMMITS: tuple[Changes, ...] = (
    {A: b"a1", B: (b"r1", b"r0")},
    {A: b"a2"},
    {B: None},
    {A: b"a3" * 20, B: (b"r3",)},
    {A: b"a4", B: (b"r4" * 9,)},
)


def states() -> list[dict[Address, Value]]:
    """The state after each commit."""
    store = MemoryStore()
    found = []
    for changes in (FIRST, *COMMITS):
        store.commit(changes)
        found.append(dict(store.state))
    return found


STATES = states()


@pytest.fixture(params=[10**9, 100], ids=["journal", "compacting"])
def compact_at(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Once without compaction, once compacting every few commits."""
    monkeypatch.setattr(store_module, "_COMPACT_AT", request.param)
    monkeypatch.setattr(store_module, "_COMPACT_TIMES", 1)
    return int(request.param)


def run(disk: FakeDisk, durable: bool, start: int = 0) -> int:
    """Open and commit the rest; how many commits were answered before the power went."""
    done = start
    try:
        store = FileStore(medium=disk, durable=durable)
        for changes in (FIRST, *COMMITS)[start:]:
            store.commit(changes)
            done += 1
    except PowerCutError:
        pass
    return done


def count_steps(durable: bool) -> int:
    disk = FakeDisk()
    disk.arm()
    run(disk, durable)
    return disk.steps


def check_every_cut(durable: bool, reopen: Callable[[FakeDisk], list[FakeDisk]]) -> None:
    total = count_steps(durable)
    assert total >= len(COMMITS) + 2
    for step in range(1, total + 1):
        for phase in ("before", "during", "after"):
            disk = FakeDisk()
            disk.arm(cut=(step, phase))
            done = run(disk, durable)
            for found in reopen(disk):
                check_state(found, done, durable)


def check_state(disk: FakeDisk, done: int, durable: bool) -> None:
    """The state is that of the last answered commit or of the one under way, and work can go on."""
    store = FileStore(medium=disk, durable=durable)
    state = dict(store.state)
    allowed = [STATES[done - 1] if done else {}]
    if done < len(STATES):
        allowed.append(STATES[done])
    assert state in allowed
    reached = STATES.index(state) + 1 if state else 0
    assert run(disk, durable, start=reached) == len(STATES)
    assert dict(FileStore(medium=disk).state) == STATES[-1]


@pytest.mark.usefixtures("compact_at")
@pytest.mark.parametrize("durable", [False, True])
def test_kill_at_every_step_leaves_before_or_after(durable: bool) -> None:
    check_every_cut(durable, lambda disk: [disk.after_kill()])


@pytest.mark.usefixtures("compact_at")
def test_loss_of_power_at_every_step_leaves_before_or_after() -> None:
    check_every_cut(True, lambda disk: [disk.after_power_loss(keep) for keep in (0.0, 0.3, 0.99, 1.0)])


@pytest.mark.usefixtures("compact_at")
@pytest.mark.parametrize("durable", [False, True])
def test_a_failing_disk_changes_nothing_and_can_recover(durable: bool) -> None:
    total = count_steps(durable)
    for step in range(1, total + 1):
        for phase in ("before", "during"):
            disk = FakeDisk()
            disk.arm(fail=(step, phase))
            store = FileStore(medium=disk, durable=durable)
            for changes, before, after in zip((FIRST, *COMMITS), ({}, *STATES), STATES, strict=False):
                try:
                    store.commit(changes)
                except OSError:
                    assert dict(store.state) == before
                    store.commit(changes)
                assert dict(store.state) == after
            assert dict(FileStore(medium=disk.after_kill()).state) == STATES[-1]


def test_a_directory_that_was_not_synced_is_synced_before_the_next_commit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else a loss of power would bring back the file from before the compaction, without later commits."""
    monkeypatch.setattr(store_module, "_COMPACT_AT", 0)
    monkeypatch.setattr(store_module, "_COMPACT_TIMES", 0)
    disk = FakeDisk()
    store = FileStore(medium=disk, durable=True)
    store.commit(FIRST)
    disk.arm(fail=(6, "before"))  # append, sync, write, sync, rename, directory
    store.commit(COMMITS[0])
    assert disk.steps == 6
    monkeypatch.setattr(store_module, "_COMPACT_AT", 10**9)
    store.commit(COMMITS[1])
    assert dict(FileStore(medium=disk.after_power_loss(0)).state) == STATES[2]


def test_a_sealed_store_goes_on_after_a_compaction_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "_COMPACT_AT", 0)
    monkeypatch.setattr(store_module, "_COMPACT_TIMES", 0)
    disk = FakeDisk()
    store = FileStore(medium=disk, passphrase="p")
    store.commit(FIRST)
    disk.arm(fail=(2, "during"))
    store.commit(COMMITS[0])
    monkeypatch.setattr(store_module, "_COMPACT_AT", 10**9)
    store.commit(COMMITS[1])
    assert dict(FileStore(medium=disk, passphrase="p").state) == STATES[2]


def test_the_model_of_power_loss_can_fail() -> None:
    """Without durable mode a commit that was answered may be lost: the check above would see it."""
    with pytest.raises((AssertionError, ImageError)):
        check_every_cut(False, lambda disk: [disk.after_power_loss(0.3)])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_kill_9_on_a_real_disk(tmp_path: Path) -> None:
    """Children that die by SIGKILL in every write, half of it done, or just after."""
    answer = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("killed.py")), str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
    )
    lines = [tuple(map(int, line.split())) for line in answer.stdout.splitlines()]
    assert len(lines) > 2 * len(killed.COMMITS)
    assert lines[-1][1] == len(killed.COMMITS)
    for step, answered in lines:
        state: dict[Address, Value] = {}
        allowed = []
        for changes in ({}, *killed.COMMITS):
            apply_changes(state, changes)
            allowed.append(dict(state))
        found = dict(FileStore(tmp_path / str(step)).state)
        assert found in allowed[answered : answered + 2], step


def test_files_are_private_and_marked(tmp_path: Path) -> None:
    path = tmp_path / "card"
    FileStore(path).commit(FIRST)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes().splitlines()[0] == b"SHEBAOKA-CHIP 1 card TEST_ONLY"
    memory = load_image(path)
    memory.commit({A: b"SECRET-BYTES"})
    memory.save(tmp_path / "copy", passphrase="open sesame")
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o600
    assert image_kind((tmp_path / "copy").read_bytes()) == ("card", True)
    assert b"SECRET-BYTES" not in (tmp_path / "copy").read_bytes()
    assert not list(tmp_path.glob("*.tmp"))


def test_sealed_images(tmp_path: Path) -> None:
    path = tmp_path / "card"
    store = FileStore(path, passphrase="open sesame")
    store.commit({KIND: b"psam", A: b"SECRET-BYTES"})
    store.commit({B: (b"SECRET-RECORD",)})
    raw = path.read_bytes()
    assert b"SECRET" not in raw
    assert dict(load_image(path, "open sesame").state) == dict(store.state)
    store.recover()
    store.commit({A: b"2"})
    assert FileStore(path, passphrase="open sesame").state[A] == b"2"
    for passphrase, message in ((None, "give its passphrase"), ("wrong", "wrong passphrase")):
        with pytest.raises(ImageError, match=message):
            FileStore(path, passphrase=passphrase)


def test_a_sealed_journal_frame_cannot_come_from_another_image(tmp_path: Path) -> None:
    """Also not from an earlier life of the same one: compaction begins a new generation."""
    path = tmp_path / "card"
    store = FileStore(path, passphrase="p")
    store.commit(FIRST)
    start = len(path.read_bytes())
    store.commit({A: b"old"})
    old = path.read_bytes()[start:]
    codec = store._codec
    assert codec is not None
    path.write_bytes(codec.snapshot(store.state) + old)
    with pytest.raises(ImageError, match="is damaged"):
        load_image(path, "p")


def test_damaged_images(tmp_path: Path) -> None:
    path = tmp_path / "card"
    store = FileStore(path)
    for changes in (FIRST, *COMMITS):
        store.commit(changes)
    good = path.read_bytes()
    cases: dict[bytes, str] = {
        b"": "not a chip image",
        b"hello\n": "not a chip image",
        good[:10]: "not a chip image",
        good.replace(b"CHIP 1", b"CHIP 9", 1): "version 9",
        good.replace(b"card", b"disk", 1): "first line",
        good[:60]: "beginning",
        good[:60] + b"\xff" + good[61:]: "damaged",
        good[:-30] + b"\xff" + good[-29:-1] + b"!" + b"more": "damaged in frame",
    }
    for raw, message in cases.items():
        path.write_bytes(raw)
        with pytest.raises(ImageError, match=message):
            FileStore(path)
    for words in (
        b"SEALED",
        b"SEALED scrypt 99 " + b"00" * 16,
        b"SEALED scrypt x " + b"00" * 16,
        b"SEALED scrypt 15 0g",
        b"SEALED scrypt 15 00",
        b"SEALED argon 15 " + b"00" * 16,
    ):
        path.write_bytes(b"SHEBAOKA-CHIP 1 card " + words + b"\n" + good[40:])
        with pytest.raises(ImageError):
            load_image(path, "p")


def test_a_store_needs_a_place() -> None:
    with pytest.raises(ValueError, match="path"):
        FileStore()
