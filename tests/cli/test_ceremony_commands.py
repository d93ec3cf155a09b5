"""``shebaoka keys``: ceremonies at a terminal with people, one that is killed, transcripts verified."""

import fcntl
import hashlib
import os
import pty
import re
import select
import signal
import stat
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from cli.conftest import Shebaoka
from shebaoka.vault.ceremony.script import read_script
from shebaoka.vault.model import Body, Level
from shebaoka.vault.software import SoftwareVault

CEREMONIES = Path(__file__).parents[2] / "examples" / "ceremonies"
PROVINCE = CEREMONIES / "province-keys.toml"
CITY = CEREMONIES / "city-keys.toml"
REHEARSAL = CEREMONIES / "rehearsal.toml"
PASSPHRASE = "the passphrase of this test"


def vault_of(script: Path, folder: Path) -> Path:
    path = folder / "v.vault"
    SoftwareVault.create(path, PASSPHRASE, read_script(script).body, work=2)
    return path


def held(shebaoka: Shebaoka, folder: Path, script: Path = PROVINCE, *more: str | Path) -> Path:
    transcript = folder / "t.jsonl"
    outcome = shebaoka(
        "keys", "ceremony", script, "--vault", vault_of(script, folder), "--transcript", transcript,
        "--answers", REHEARSAL, *more, SHEBAOKA_PASSPHRASE=PASSPHRASE,
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    return transcript


def test_a_transcript_is_verified_and_tampering_is_named(shebaoka: Shebaoka, tmp_path: Path) -> None:
    transcript = held(shebaoka, tmp_path)
    outcome = shebaoka("keys", "verify", transcript)
    assert outcome.code == 0
    assert "11 records, none changed" in outcome.out
    head = re.findall("[0-9a-f]{64}", outcome.out)[0]
    assert "is the one signed" in shebaoka("keys", "verify", transcript, "--head", head).out
    lines = transcript.read_bytes().splitlines(keepends=True)
    transcript.write_bytes(b"".join(lines[:4] + lines[5:]))
    outcome = shebaoka("keys", "verify", transcript)
    assert outcome.code == 2
    assert outcome.err == (
        f"shebaoka: {transcript}: record 5 was removed (line 5): record 5 is missing before record 6\n"
    )
    transcript.write_bytes(b"".join(lines[:-1]))
    assert "without an end" in shebaoka("keys", "verify", transcript).out
    assert "record 11 was removed" in shebaoka("keys", "verify", transcript, "--head", head).err


def test_an_answer_that_is_missing_aborts_and_leaves_no_letters(shebaoka: Shebaoka, tmp_path: Path) -> None:
    answers = tmp_path / "answers.toml"
    answers.write_text('components = "random"\n')
    transcript = tmp_path / "t.jsonl"
    vault = vault_of(CITY, tmp_path)
    before = vault.read_bytes()
    outcome = shebaoka(
        "keys", "ceremony", CITY, "--vault", vault, "--transcript", transcript, "--answers", answers,
        "--letters", tmp_path / "letters", SHEBAOKA_PASSPHRASE=PASSPHRASE,
    )  # fmt: skip
    assert outcome.code == 2
    assert "aborted at step 8 (return of carriers, new seals)" in outcome.err
    assert vault.read_bytes() == before
    assert list((tmp_path / "letters").iterdir()) == []
    outcome = shebaoka("keys", "verify", transcript, "--json")
    assert '"end": "aborted"' in outcome.out
    assert '"stopped_at": "return"' in outcome.out


def test_letters_are_for_their_custodian_alone(shebaoka: Shebaoka, tmp_path: Path) -> None:
    held(shebaoka, tmp_path, CITY, "--letters", tmp_path / "letters")
    for path in (tmp_path / "letters").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "letters").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--letters", "full"], "is not empty"),
        (["--pdf", "full/file"], "exists already"),
        (["--transcript", "full/file"], "exists already"),
    ],
)
def test_nothing_is_overwritten(
    shebaoka: Shebaoka, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("full").mkdir()
    Path("full/file").write_text("kept")
    vault = vault_of(PROVINCE, tmp_path)
    outcome = shebaoka(
        "keys", "ceremony", PROVINCE, "--vault", vault, "--transcript", "t.jsonl", "--answers", REHEARSAL,
        *more, SHEBAOKA_PASSPHRASE=PASSPHRASE,
    )  # fmt: skip
    assert outcome.code == 2
    assert said in outcome.err
    assert Path("full/file").read_text() == "kept"
    assert not Path("t.jsonl").exists()


def test_without_people_or_answers_there_is_no_ceremony(shebaoka: Shebaoka, tmp_path: Path) -> None:
    outcome = shebaoka(
        "keys", "ceremony", PROVINCE, "--vault", vault_of(PROVINCE, tmp_path), "--transcript",
        tmp_path / "t.jsonl", SHEBAOKA_PASSPHRASE=PASSPHRASE,
    )  # fmt: skip
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert "needs people at a terminal" in outcome.err
    assert not (tmp_path / "t.jsonl").exists()


class Room:
    """People at a terminal of their own, with the command in it."""

    def __init__(self, folder: Path, script: Path) -> None:
        self.transcript = folder / "t.jsonl"
        self.vault = vault_of(script, folder)
        command = [
            sys.executable, "-c", "from shebaoka.cli.main import main; main()", "keys", "ceremony",
            str(script), "--vault", str(self.vault), "--transcript", str(self.transcript),
        ]  # fmt: skip
        self.process, self.terminal = _at_terminal(command, {"SHEBAOKA_PASSPHRASE": PASSPHRASE})
        self.seen = ""

    def question(self) -> str:
        """The line that waits for an answer."""
        start = len(self.seen)
        while True:
            chunk = self._read()
            assert chunk, self.seen
            self.seen += chunk
            line = self.seen[start:].rsplit("\n", 1)[-1]
            if re.search(r"> .*(\[yes / abort\]|:) $", line):
                return line

    def say(self, text: str) -> None:
        os.write(self.terminal, text.encode() + b"\n")

    def interrupt(self, number: signal.Signals) -> None:
        """Ctrl-C or a closed window; again when it came just before the command began to wait for a line."""
        for _ in range(5):
            os.kill(self.process.pid, number)
            if select.select([self.terminal], [], [], 3)[0]:
                return

    def end(self) -> int:
        while chunk := self._read():
            self.seen += chunk
        os.close(self.terminal)
        return self.process.wait(10)

    def _read(self) -> str:
        assert select.select([self.terminal], [], [], 30)[0], self.seen
        try:
            return os.read(self.terminal, 65536).decode(errors="replace")
        except OSError:  # the other side is closed
            return ""


def _at_terminal(command: list[str], more: dict[str, str]) -> tuple["subprocess.Popen[bytes]", int]:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, close_fds=True,
        env={**os.environ, **more, "COLUMNS": "200", "TERM": "dumb"},
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )  # fmt: skip
    os.close(theirs)
    return process, ours


COMPONENTS = [hashlib.sha256(who.encode()).hexdigest()[:32].upper() for who in ("A1", "B1", "A2", "B2")]


def _answer(room: Room, until: str) -> None:
    """Answers as the script says until ``until`` is asked."""
    script = read_script(PROVINCE)
    numbers = {person.name: person.number for person in script.persons.values()}
    seals = {carrier.serial: carrier.seal for carrier in script.carriers}
    while True:
        line = room.question()
        if until in line:
            return
        if "[yes / abort]" in line:
            room.say("yes")
        elif "written approval" in line:
            room.say(script.approval.number)
        elif "staff number" in line:
            room.say(next(number for name, number in numbers.items() if name in line))
        elif "component" in line:
            room.say(COMPONENTS[(0 if "custodian A" in line else 1) + (2 if "PUK" in line else 0)])
        elif "new seal" in line:
            room.say("NEW-" + next(serial for serial in seals if serial in line))
        else:
            room.say(next(seal for serial, seal in seals.items() if serial in line))


def test_people_hold_a_ceremony_and_no_component_is_seen(tmp_path: Path) -> None:
    room = Room(tmp_path, PROVINCE)
    _answer(room, "示例辛: the minutes are true")
    assert SoftwareVault.open(room.vault, PASSPHRASE).handles() == ()
    room.say("yes")
    assert room.end() == 0, room.seen
    keys = SoftwareVault.open(room.vault, PASSPHRASE).handles()
    assert [key.name for key in keys] == ["PUK", "BK"] or [key.name for key in keys] == ["BK", "PUK"]
    everything = room.seen.upper() + room.transcript.read_text("utf-8").upper()
    for component in COMPONENTS:
        assert component not in everything
    for key in keys:
        assert key.kcv in room.seen
        assert key.kcv in room.transcript.read_text("utf-8")


@pytest.mark.parametrize("way", ["abort", "ctrl-c", "closed window"])
def test_people_abort_a_ceremony(tmp_path: Path, shebaoka: Shebaoka, way: str) -> None:
    room = Room(tmp_path, PROVINCE)
    before = room.vault.read_bytes()
    _answer(room, "Step 5 of 8")
    if way == "abort":
        room.say("no")
        room.question()
        room.say("abort")
    else:
        room.interrupt(signal.SIGINT if way == "ctrl-c" else signal.SIGHUP)
    assert room.end() == (2 if way == "abort" else 130), room.seen
    assert "Traceback" not in room.seen
    assert room.vault.read_bytes() == before
    assert "aborted at step 5 (check-values)" in shebaoka("keys", "verify", room.transcript).out


def test_a_killed_ceremony_is_closed(tmp_path: Path, shebaoka: Shebaoka) -> None:
    room = Room(tmp_path, PROVINCE)
    _answer(room, "Step 3 of 8")
    room.process.kill()
    room.end()
    assert "stops at step 3 (carriers) without an end" in shebaoka("keys", "verify", room.transcript).out
    close = ("keys", "close", room.transcript, "--vault", room.vault)
    assert "aborted at step 3" in shebaoka(*close, SHEBAOKA_PASSPHRASE=PASSPHRASE).out
    assert "has its end: aborted" in shebaoka(*close, SHEBAOKA_PASSPHRASE=PASSPHRASE).err


def test_the_vault_of_another_body_leaves_no_transcript(shebaoka: Shebaoka, tmp_path: Path) -> None:
    vault = tmp_path / "other.vault"
    SoftwareVault.create(vault, PASSPHRASE, Body(Level.PROVINCE, "99", "示例乙省"), work=2)
    outcome = shebaoka(
        "keys", "ceremony", PROVINCE, "--vault", vault, "--transcript", tmp_path / "t.jsonl",
        "--answers", REHEARSAL, SHEBAOKA_PASSPHRASE=PASSPHRASE,
    )  # fmt: skip
    assert "the vault belongs to 示例乙省 (99)" in outcome.err
    assert not (tmp_path / "t.jsonl").exists()
