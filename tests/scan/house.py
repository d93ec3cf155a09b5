"""A folder in which the command line is used; what it says, writes and removes is kept."""

import copy
import fcntl
import json
import os
import pty
import re
import select
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import shebaoka

TESTS = Path(__file__).parents[1]
WATCHING = Path(__file__).with_name("watching")
SOURCE = Path(shebaoka.__file__).parents[1]
KILLED = -9


@dataclass(frozen=True)
class Said:
    """How a command ended, and its two streams."""

    code: int
    out: str
    err: str


class House:
    """``work``: where commands run; ``given``: files of the people around, which are not scanned.

    ``watched``: whether what commands remove and hold is kept."""

    def __init__(self, folder: Path, environment: Mapping[str, str], *, watched: bool = True) -> None:
        self.folder = folder
        self.work, self.given = folder / "work", folder / "given"
        self._said, self._kept, tmp = folder / "said", folder / "kept", folder / "tmp"
        for place in (self.work, self.given, self._said, self._kept, tmp):
            place.mkdir()
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(map(str, (WATCHING, TESTS, SOURCE))),
            "HOME": str(tmp),
            "TMPDIR": str(tmp),
            "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            **({"SCAN_KEPT": str(self._kept)} if watched else {}),
            **environment,
        }
        self.commands: list[list[str]] = []
        self._zygote = subprocess.Popen(
            [sys.executable, "-m", "scan.zygote"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=self.work,
            env=self.environment,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zygote.communicate(timeout=30)

    def at(self, work: Path) -> Self:
        """The same house, running commands in another folder."""
        other = copy.copy(self)
        other.work = work
        return other

    def run(self, *arguments: str | Path, text: str = "", **environment: str) -> Said:
        """One command in a process of its own. ``text``: its input."""
        return self._run(arguments, environment, text)

    def killed(self, at: int, *arguments: str | Path, **environment: str) -> None:
        """A command that dies at its ``at``-th write, flush, cutting, renaming or removal (SIGKILL)."""
        said = self._run(arguments, environment, kill=at)
        assert said.code == KILLED, (arguments, said.code, said.out[-500:], said.err[-500:])

    def writes(self, *arguments: str | Path, **environment: str) -> int:
        """A command that must succeed; at how many places it could have been killed."""
        count = self.folder / "count"
        said = self._run(arguments, environment, count=str(count))
        assert said.code == 0, (arguments, said.code, said.out[-500:], said.err[-500:])
        return int(count.read_text())

    def _run(
        self,
        arguments: tuple[str | Path, ...],
        environment: dict[str, str],
        text: str = "",
        kill: int = 0,
        count: str = "",
    ) -> Said:
        own, (out, err) = self._next(arguments)
        request = {
            "arguments": own,
            "environment": environment,
            "out": str(out),
            "err": str(err),
            "input": text,
            "folder": str(self.work),
            "kill": kill,
            "count": count,
        }
        assert self._zygote.stdin is not None
        assert self._zygote.stdout is not None
        print(json.dumps(request), file=self._zygote.stdin, flush=True)
        code = int(self._zygote.stdout.readline())
        return Said(code, out.read_text("utf-8"), err.read_text("utf-8"))

    def ok(self, *arguments: str | Path, text: str = "", **environment: str) -> Said:
        """A command that must succeed."""
        said = self.run(*arguments, text=text, **environment)
        assert said.code == 0, (arguments, said.code, said.out[-500:], said.err[-500:])
        return said

    def refused(self, *arguments: str | Path, because: str, text: str = "", **environment: str) -> Said:
        """A command that must be refused, with this reason."""
        said = self.run(*arguments, text=text, **environment)
        assert said.code in (1, 2), (arguments, said.code, said.out[-500:], said.err[-500:])
        assert re.search(because, said.err + said.out), (arguments, said.out[-500:], said.err[-500:])
        return said

    def at_terminal(self, answer: Callable[[str], str], *arguments: str | Path, **environment: str) -> Said:
        """A command with people at a terminal: ``answer`` gives what is typed at a line that waits."""
        own, (out, err) = self._next(arguments)
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [sys.executable, "-c", "from shebaoka.cli.main import main; main()", *own],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            cwd=self.work,
            env=self.environment | environment | {"COLUMNS": "200", "TERM": "dumb"},
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(theirs)
        seen = line = ""
        while chunk := _read(ours):
            seen += chunk
            line = (line + chunk).rsplit("\n", 1)[-1]
            if re.search(r"> .*(\[yes / abort\]|:) $", line):
                line = ""
                os.write(ours, answer(seen.rsplit("\n", 1)[-1]).encode() + b"\n")
        os.close(ours)
        out.write_text(seen, "utf-8")
        err.touch()
        return Said(process.wait(30), seen, "")

    def outputs(self) -> Iterator[tuple[str, bytes]]:
        """Everything that is there or was there: name and content."""
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and not path.is_relative_to(self.given):
                yield str(path.relative_to(self.folder)), path.read_bytes()

    def _next(self, arguments: tuple[str | Path, ...]) -> tuple[list[str], tuple[Path, Path]]:
        own = list(map(str, arguments))
        self.commands.append(own)
        number = len(self.commands)
        return own, (self._said / f"{number:03}.out", self._said / f"{number:03}.err")


def _read(terminal: int) -> str:
    assert select.select([terminal], [], [], 60)[0], "the command does not go on"
    try:
        return os.read(terminal, 65536).decode(errors="replace")
    except OSError:  # the other side is closed
        return ""
