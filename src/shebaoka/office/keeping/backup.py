"""``shebaoka db backup``: everything an office is, in one sealed file. The office may go on meanwhile."""

import hashlib
import io
import os
import tarfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, cast

import msgspec
import psycopg

from shebaoka import __version__
from shebaoka.office.configuration import Configuration
from shebaoka.office.database import database_settings
from shebaoka.office.keeping.chains import chain_ends
from shebaoka.office.keeping.connecting import connect
from shebaoka.office.keeping.contents import contents
from shebaoka.office.keeping.manifest import FORMAT, ChainEnd, Kept, Manifest
from shebaoka.office.keeping.programs import KeepingError, dumping
from shebaoka.office.keeping.sealed import SealedWriter

MANIFEST = "manifest.json"
DUMP = "database"
LEAST_PASSPHRASE = 12
_PIECE = 8 << 20


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What a backup holds."""

    path: Path
    size: int
    files: int
    chains: int


def backup(
    configuration: Configuration, path: Path, passphrase: str, include: list[Path] | None = None
) -> BackedUp:
    """Writes a backup to ``path``, a new file that is there only when it is whole; the database is as of the
    beginning, files are as they were when their turn came. The database runs.

    Raises KeepingError; FileExistsError when there is such a file."""
    if len(passphrase) < LEAST_PASSPHRASE:
        raise KeepingError(f"the passphrase of a backup has at least {LEAST_PASSPHRASE} characters")
    if path.exists():
        raise FileExistsError(17, "exists already", str(path))
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            manifest = _write(configuration, out, passphrase, include or [])
            out.flush()
            os.fsync(out.fileno())
        os.link(beside, path)  # unlike a rename it replaces nothing
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()
    return BackedUp(path, path.stat().st_size, len(manifest.files), len(manifest.chains))


def _write(configuration: Configuration, out: IO[bytes], passphrase: str, include: list[Path]) -> Manifest:
    sealed = SealedWriter(out, passphrase)
    settings = database_settings(configuration)
    try:
        with (
            connect(settings) as connection,
            tarfile.open(fileobj=cast(Any, sealed), mode="w|", format=tarfile.PAX_FORMAT) as archive,
        ):
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            snapshot = _one(connection, "SELECT pg_export_snapshot()")
            ends = chain_ends(connection)
            files = {name: _keep(archive, name, file) for name, file in contents(configuration, include)}
            pieces = _dump(archive, settings, snapshot)
            manifest = _manifest(configuration, connection, ends, files, pieces)
            _add(archive, MANIFEST, msgspec.json.encode(manifest))
    except psycopg.Error as error:
        raise KeepingError(f"the database does not answer: {type(error).__name__}") from error
    sealed.finish()
    return manifest


def _manifest(
    configuration: Configuration,
    connection: "psycopg.Connection[tuple[Any, ...]]",
    ends: dict[str, ChainEnd],
    files: dict[str, Kept],
    pieces: int,
) -> Manifest:
    done = connection.execute("SELECT app || '.' || name FROM django_migrations ORDER BY id").fetchall()
    return Manifest(
        format=FORMAT,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        mode=configuration.mode,
        shebaoka=__version__,
        postgresql=_one(connection, "SELECT current_setting('server_version')"),
        migrations=[str(name) for (name,) in done],
        chains=ends,
        files=files,
        dump=pieces,
    )


def _keep(archive: tarfile.TarFile, name: str, path: Path) -> Kept:
    """A file, as long as it was when it was opened: what is appended meanwhile comes with the next backup."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        reading = _Hashing(file)
        _add(archive, name, reading, size)
    return Kept(size, reading.digest.hexdigest())


def _dump(archive: tarfile.TarFile, settings: dict[str, Any], snapshot: str) -> int:
    """The dump in pieces, so that none of it ever lies unsealed on a disk."""
    pieces = 0
    with dumping(settings, snapshot) as dump:
        while piece := dump.read(_PIECE):
            pieces += 1
            _add(archive, f"{DUMP}/{pieces:08}", piece)
    return pieces


def _add(archive: tarfile.TarFile, name: str, content: "bytes | _Hashing", size: int | None = None) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content) if isinstance(content, bytes) else size or 0
    entry.mode = 0o600
    try:
        archive.addfile(entry, io.BytesIO(content) if isinstance(content, bytes) else cast(Any, content))
    except OSError as error:
        raise KeepingError(f"{name} cannot be kept: {error.strerror or error}") from error


class _Hashing:
    """A file that is hashed as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(size)
        self.digest.update(content)
        return content


def _one(connection: "psycopg.Connection[tuple[Any, ...]]", query: Any) -> str:
    row = connection.execute(query).fetchone()
    return str(row[0]) if row else ""
