"""PostgreSQL's own programs for dumping and restoring, and what they say when they fail."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from shebaoka.office.configuration import ConfigurationError
from shebaoka.office.postgres import binaries


class KeepingError(ConfigurationError):
    """A backup, restoration or upgrade that was not done; one line that says why."""


def _environment(settings: dict[str, Any]) -> dict[str, str]:
    """The database by variables, so that no password stands in the list of processes."""
    named = {
        "PGHOST": settings["HOST"],
        "PGPORT": settings.get("PORT", ""),
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings.get("PASSWORD", ""),
        "PGDATABASE": settings["NAME"],
        "PGSSLMODE": settings["OPTIONS"].get("sslmode", ""),
        "PGSSLROOTCERT": settings["OPTIONS"].get("sslrootcert", ""),
    }
    return {**os.environ, **{key: str(value) for key, value in named.items() if value}}


@contextmanager
def _program(name: str, words: list[str], settings: dict[str, Any], **pipes: Any) -> Iterator[Any]:
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(
            [binaries() / name, *words], env=_environment(settings), stderr=said, **pipes
        ) as process:
            try:
                yield process
            except BaseException:
                process.kill()
                raise
        if process.returncode != 0:
            said.seek(0)
            lines = said.read().decode("utf-8", "replace").splitlines()
            # The first line names the error; the ones behind it may quote rows.
            reason = next((line for line in lines if "error" in line or "fatal" in line.lower()), "")
            raise KeepingError(f"{reason or name + ' failed'}")


@contextmanager
def dumping(settings: dict[str, Any], snapshot: str) -> Iterator[IO[bytes]]:
    """The dump of a database as of an exported snapshot, to be read. ``settings``: Django's. Raises
    KeepingError at the end when it is not whole."""
    words = [
        "--format=custom",
        "--compress=gzip:6",
        "--no-owner",
        "--no-privileges",
        f"--snapshot={snapshot}",
    ]
    with _program("pg_dump", words, settings, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        yield process.stdout


@contextmanager
def restoring(settings: dict[str, Any]) -> Iterator[IO[bytes]]:
    """Takes a dump, into an empty database, in one transaction: an error, or leaving with one, and nothing is
    there. Raises KeepingError."""
    words = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    words += [f"--dbname={settings['NAME']}"]
    with _program("pg_restore", words, settings, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        try:
            yield process.stdin
            process.stdin.close()
        except BrokenPipeError:
            pass  # its exit code and its words say why
