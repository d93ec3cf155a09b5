"""A room whose process is killed with SIGKILL while others knock at its door: nothing of it is stored."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from office.custody.sittings import COMPONENTS, SECRET, from_components
from shebaoka.office.custody.rooms.door import GoneError, knock
from shebaoka.office.custody.rooms.wire import Answer, Look, State
from shebaoka.vault.ceremony.script import read_script
from shebaoka.vault.ceremony.transcript import End, close_interrupted
from shebaoka.vault.model import Body, Level
from shebaoka.vault.software import SoftwareVault

LONG = os.environ.get("SHEBAOKA_LONG") == "1"
ROOM = """
import sys, time
from pathlib import Path
from shebaoka.office.custody.rooms.door import open_door
from shebaoka.office.custody.rooms.sitting import Sitting
from shebaoka.vault.ceremony.samples import NoSample
from shebaoka.vault.ceremony.script import read_script
from shebaoka.vault.software import SoftwareVault

folder = Path(sys.argv[1])
vault = SoftwareVault.open(folder / "vault", sys.argv[2])
sitting = Sitting(read_script(folder / "script.toml"), vault, folder / "transcript", NoSample("none here"))
print(open_door(sitting, 600), flush=True)
time.sleep(600)
"""
PLACES = ("approval.begin", "component", "check-values.read", "sample.seen", "minutes.witness")


@contextmanager
def other_process(folder: Path) -> Iterator[tuple[str, int]]:
    """A room in a process of its own: its address, and the process."""
    (folder / "script.toml").write_text(from_components(), "utf-8")
    SoftwareVault.create(folder / "vault", SECRET, Body(Level.PROVINCE, "98", "示例甲省"), work=10)
    command = [sys.executable, "-c", ROOM, str(folder), SECRET]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip(), process.pid
        finally:
            process.kill()


def look(room: str) -> State:
    state = knock(room, Look()).state
    assert state is not None
    return state


def play(room: str, folder: Path, until: str = "") -> State:
    """Answers what the script expects, until a question whose id begins so."""
    script = read_script(folder / "script.toml")
    state = look(room)
    while state.question is not None and not (until and state.question.id.startswith(until)):
        asked = state.question
        text = COMPONENTS.get(asked.by, "") if asked.kind == "secret" else ""
        if asked.id == "approval.number":
            text = script.approval.number
        elif asked.id.startswith("participants."):
            text = script.persons[asked.by].number
        told = knock(room, Answer(asked.id, asked.by, text)).state
        assert told is not None
        state = told
    return state


@pytest.mark.parametrize("place", PLACES if LONG else ("check-values.read",))
def test_killed_while_it_is_held(tmp_path: Path, place: str) -> None:
    with other_process(tmp_path) as (room, process):
        before = (tmp_path / "vault").read_bytes()
        assert play(room, tmp_path, place).question is not None
        os.kill(process, signal.SIGKILL)
        os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)
        with pytest.raises(GoneError):
            knock(room, Look())
    closed = close_interrupted(tmp_path / "transcript", (), lambda: datetime.now(UTC).replace(microsecond=0))
    assert closed.end is End.ABORTED
    assert (tmp_path / "vault").read_bytes() == before
    assert not SoftwareVault.open(tmp_path / "vault", SECRET).handles()


@pytest.mark.skipif(not LONG, reason="the same as with a room in this process")
def test_held_from_another_process(tmp_path: Path) -> None:
    with other_process(tmp_path) as (room, _process):
        assert play(room, tmp_path).end == "held"
    assert SoftwareVault.open(tmp_path / "vault", SECRET).handles()
