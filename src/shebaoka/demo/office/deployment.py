"""The deployment of the demonstration's office: a folder below its own, a PostgreSQL of its own there."""

import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shebaoka.office import database, postgres
from shebaoka.office.configuration import Configuration, read_configuration
from shebaoka.vault.settings import FILE, VARIABLE

FOLDER = "office"
DEFAULT = Path("var/demo")
_SET_HERE = {
    "SHEBAOKA_MODE": "test",
    "SHEBAOKA_HTTPS": "no",
}
_NOT_TAKEN_OVER = ("DATABASE_URL", "SHEBAOKA_SECRET_KEY", "SHEBAOKA_AUDIT_KEY", VARIABLE)


class InUseError(ValueError):
    """Another process works with the office of the folder."""


def configure(folder: Path) -> Configuration:
    """The settings of the office below ``folder``, for this process and those it starts: never the database
    or the keys of another deployment that the environment may name."""
    for name in _NOT_TAKEN_OVER:
        os.environ.pop(name, None)
    os.environ.update(_SET_HERE, SHEBAOKA_FOLDER=str(office_of(folder)))
    vaults = office_of(folder) / FILE  # which vaults there are is written when cards are first made
    os.environ[VARIABLE] = str(vaults)
    if not vaults.exists():
        vaults.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        vaults.write_text('mode = "test"\n', "utf-8")
    os.environ.setdefault("SHEBAOKA_LOG_LEVEL", "WARNING")  # what is printed stays in sight
    return read_configuration()


def office_of(folder: Path) -> Path:
    """Where the office of a demonstration is, absolute."""
    return folder.resolve() / FOLDER


def shown(path: Path) -> str:
    """A path as one would type it here."""
    here = Path.cwd()
    return shlex.quote(str(path.relative_to(here) if path.is_relative_to(here) else path))


def release(folder: Path) -> None:
    """Stops a PostgreSQL that a killed run left in ``folder``, so that it can be removed. Raises InUseError
    when somebody still works with it."""
    data = office_of(folder) / database.FOLDER
    if not (data / "postmaster.pid").exists():
        return
    postgres.start(data)
    postgres.stop(data)
    if postgres.answers(data):
        raise InUseError(
            f"{folder}: the office there is being served or filled: end that with Ctrl-C, or choose another"
            " folder with --folder"
        )


@contextmanager
def ready(configuration: Configuration) -> Iterator[None]:
    """Within, the database runs with all its tables, and Django is set up."""
    from shebaoka.office.server.prepare import migrate, running_database, setup

    with running_database(configuration):
        setup()
        migrate(configuration)
        yield
