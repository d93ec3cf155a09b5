"""One demonstration for all tests here: filled without serving, then served as it was left."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from rich.console import Console

from demo.office.running import PEOPLE, Demonstration, Served, free_port, stop
from office.conftest import _tables_may_be_emptied, django_db_modify_db_settings, django_db_setup
from shebaoka.demo import main, story
from shebaoka.demo.hierarchy import create_world, hold_ceremonies
from shebaoka.demo.office.deployment import FOLDER
from shebaoka.demo.office.stage import OfficeStage
from shebaoka.demo.stage import Stage

__all__ = ("_tables_may_be_emptied", "django_db_modify_db_settings", "django_db_setup")


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
    words = ("serve", "-o", str(demonstration.folder), "--port", str(port))
    process = demonstration.start(*words, SHEBAOKA_LOG_LEVEL="INFO", SHEBAOKA_LOG_FORMAT="json")
    try:
        yield Served(demonstration, told, demonstration.url(), port)
        assert stop(process) == 0
        assert demonstration.postgres() == []
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> OfficeStage:
    """The main job without its proofs and papers: keys, carriers, PSAMs, a few cards."""
    stage = Stage(tmp_path_factory.mktemp("small"), int(PEOPLE))
    extensions = {code: [story.extension(name)] for code, name in story.EXTENSIONS.items()}
    stage.world = create_world(stage.folder / "vaults", extensions)
    stage.ceremonies = hold_ceremonies(stage.world, stage.folder / "ceremonies")
    story.carry_all_keys(stage)
    story.issue_psams(stage)
    for step in main.steps(Console(quiet=True))[3:]:
        step.play(stage)
    (stage.folder / FOLDER).mkdir()
    (stage.folder / FOLDER / "secret-key").write_text(settings.SECRET_KEY, "ascii")
    return OfficeStage(stage)
