"""The demonstration as a user starts it: a process with an output, in a folder."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import psycopg

from shebaoka.demo.office.deployment import office_of
from shebaoka.office.configuration import Configuration
from shebaoka.office.database import FOLDER, database_settings
from shebaoka.office.keeping.connecting import connect

PEOPLE = "4"
_OURS = ("DATABASE_", "DJANGO_", "SHEBAOKA_", "PROMETHEUS_")


@dataclass(frozen=True)
class Demonstration:
    """A demonstration in ``folder``; ``said``: where its output goes."""

    folder: Path
    said: Path

    @property
    def office(self) -> Path:
        return office_of(self.folder)

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-c", "from shebaoka.cli.main import main; main()", "demo", *words]

    def run(self, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """To its end."""
        return subprocess.run(
            self.command(*words),
            env=clean() | environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def start(self, *words: str, **environment: str) -> "subprocess.Popen[bytes]":
        """Its output goes to ``said``."""
        with self.said.open("ab") as output:
            return subprocess.Popen(
                self.command(*words), env=clean() | environment, stdout=output, stderr=output
            )

    def text(self) -> str:
        """What it has said so far."""
        return self.said.read_text("utf-8", "replace")

    def url(self) -> str:
        """Where it serves, once it does."""
        assert comes_true(lambda: "The office is at " in self.text()), self.text()[-2000:]
        found = re.search(r"The office is at (\S+) - Ctrl-C stops it\.", self.text())
        assert found is not None
        return found.group(1)

    def ask(self, query: LiteralString, *values: str) -> list[tuple[Any, ...]]:
        with self.connect() as connection:
            return connection.execute(query, values).fetchall()

    def connect(self) -> "psycopg.Connection[tuple[Any, ...]]":
        return connect(database_settings(Configuration(folder=str(self.office))))

    def postgres(self) -> list[int]:
        """Process numbers of whatever works with files of its database."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    words = (entry / "cmdline").read_bytes()
                except OSError:
                    continue
                if os.fsencode(self.office / FOLDER) in words:
                    found.append(int(entry.name))
        return found


@dataclass(frozen=True)
class Served:
    """``told``: what the filling said; ``url``: where the office is."""

    demonstration: Demonstration
    told: str
    url: str
    port: int


def clean() -> dict[str, str]:
    """The environment without what tests or a deployment set."""
    return {key: value for key, value in os.environ.items() if not key.startswith(_OURS)}


def stop(process: "subprocess.Popen[bytes]", number: int = signal.SIGINT) -> int:
    """Ctrl-C, as a terminal sends it to the process in front; its exit code."""
    process.send_signal(number)
    return process.wait(60)


def comes_true(check: Callable[[], object], seconds: float = 300) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if check():
            return True
        time.sleep(0.05)
    return False


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        number: int = listener.getsockname()[1]
        return number
