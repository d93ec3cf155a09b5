"""An office of its own, with a PostgreSQL of its own that may be killed."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest

from shebaoka.office import database, postgres
from shebaoka.office.configuration import Configuration
from shebaoka.office.database import FOLDER, database_settings
from shebaoka.office.keeping.connecting import connect

TESTS = Path(__file__).parents[2]
_OURS = ("DATABASE_", "DJANGO_", "SHEBAOKA_", "PROMETHEUS_")
PASSPHRASE = "TEST_ONLY-nobody-guesses-this"


@dataclass(frozen=True)
class Office:
    """An office in a folder, from outside: its programs and its database."""

    folder: Path

    @property
    def configuration(self) -> Configuration:
        return Configuration(folder=str(self.folder))

    @property
    def environment(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(_OURS)}
        return kept | {
            "SHEBAOKA_FOLDER": str(self.folder),
            "SHEBAOKA_BACKUP_PASSPHRASE": PASSPHRASE,
            "SHEBAOKA_WORKERS": "1",
            "PYTHONPATH": str(TESTS),
        }

    def command(self, *words: str | Path) -> list[str | Path]:
        return [sys.executable, "-c", "from shebaoka.cli.main import main; main()", *words]

    def run(self, *words: str | Path) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self.command(*words),
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    def start(self, *words: str | Path) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            self.command(*words),
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def connect(self) -> "psycopg.Connection[tuple[Any, ...]]":
        return connect(database_settings(self.configuration))

    def ask(self, query: LiteralString, *values: str) -> list[tuple[Any, ...]]:
        with self.connect() as connection:
            return connection.execute(query, values).fetchall()

    def postmaster(self) -> int:
        """Its process number, 0 while there is none."""
        try:
            return int((self.folder / FOLDER / "postmaster.pid").read_text().split()[0])
        except (FileNotFoundError, IndexError):
            return 0

    def kill_database(self) -> None:
        os.kill(self.postmaster(), signal.SIGKILL)

    def start_database(self) -> None:
        assert postgres.revive(self.folder / FOLDER)


@contextmanager
def an_office() -> Iterator[Office]:
    """An office without anybody in it yet; its database runs. Not where pytest puts folders: it shuts them
    against the user that PostgreSQL runs as when root runs the tests."""
    with tempfile.TemporaryDirectory(prefix="shebaoka-robust-", ignore_cleanup_errors=True) as name:
        office = Office(Path(name) / "office")
        database.start(office.folder / FOLDER)
        try:
            done = office.run("office", "init")
            assert done.returncode == 0, done.stderr
            yield office
        finally:
            database.stop(office.folder / FOLDER)


@pytest.fixture(scope="session")
def office() -> Iterator[Office]:
    """The office of the tests of robustness."""
    with an_office() as office:
        yield office
