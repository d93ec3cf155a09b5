"""``shebaoka db upgrade``: a backup, the migrations of a new version, and the proof that nothing was lost."""

from dataclasses import dataclass
from pathlib import Path

from shebaoka.office.configuration import Configuration
from shebaoka.office.database import database_settings
from shebaoka.office.keeping.backup import BackedUp, backup
from shebaoka.office.keeping.chains import chain_ends, prove
from shebaoka.office.keeping.connecting import connect
from shebaoka.office.server.prepare import migrate, pending, setup


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What was done: the migrations, the backup before them, and audit records followed afterwards."""

    migrations: list[str]
    backup: BackedUp | None
    records: int


def upgrade(configuration: Configuration, path: Path | None, passphrase: str) -> Upgraded:
    """Brings the database to this version. ``path``: the backup that is written first, none: without. The
    database runs and the office does not. Raises KeepingError, ConfigurationError."""
    setup()
    if not pending():
        with connect(database_settings(configuration)) as connection:
            return Upgraded([], None, prove(connection))
    made = backup(configuration, path, passphrase) if path is not None else None
    with connect(database_settings(configuration)) as connection:
        before = chain_ends(connection)
    done = migrate(configuration)
    with connect(database_settings(configuration)) as connection:
        return Upgraded(done, made, prove(connection, before))
