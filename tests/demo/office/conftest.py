"""One demonstration for all tests here: filled without serving, then served as it was left."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.office.running import PEOPLE, Demonstration, Served, free_port, stop


@pytest.fixture(scope="session")
def place() -> Iterator[Path]:
    """Not where pytest puts folders: it shuts them against the user that PostgreSQL runs as for root."""
    with tempfile.TemporaryDirectory(prefix="shebaoka-demo-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.fixture(scope="session")
def filled(place: Path) -> tuple[Demonstration, str]:
    """Filled by ``--no-serve``, and what that said."""
    demonstration = Demonstration(place / "demo", place / "said")
    done = demonstration.run("-o", str(demonstration.folder), "--people", PEOPLE, "--no-serve")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    assert done.stderr == ""
    return demonstration, done.stdout


@pytest.fixture(scope="session")
def served(filled: tuple[Demonstration, str]) -> Iterator[Served]:
    """The same, served by ``demo serve``; it ends by Ctrl-C, and nothing of it is left then."""
    demonstration, told = filled
    port = free_port()
    process = demonstration.start("serve", "-o", str(demonstration.folder), "--port", str(port))
    try:
        yield Served(demonstration, told, demonstration.url(), port)
        assert stop(process) == 0
        assert demonstration.postgres() == []
    finally:
        process.kill()
        process.wait()
