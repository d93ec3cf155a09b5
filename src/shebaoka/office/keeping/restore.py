"""``shebaoka db restore``: an office from a backup, into a folder and a database that hold none yet."""

import hashlib
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

import msgspec
import psycopg

from shebaoka.crypto.sealing import SealError
from shebaoka.office import database
from shebaoka.office.configuration import Configuration
from shebaoka.office.database import FOLDER, database_settings
from shebaoka.office.keeping.backup import DUMP, MANIFEST
from shebaoka.office.keeping.chains import prove
from shebaoka.office.keeping.connecting import connect
from shebaoka.office.keeping.contents import OFFICE
from shebaoka.office.keeping.manifest import FORMAT, Kept, Manifest
from shebaoka.office.keeping.programs import KeepingError, restoring
from shebaoka.office.keeping.sealed import SealedReader

_PIECE = 1 << 20


def restore(configuration: Configuration, path: Path, passphrase: str) -> Manifest:
    """Restores a backup into the configuration's folder and database, both without an office in them; files
    of the deployment and included ones go into subfolders of their name. Nothing is there when it fails: the
    database commits last, after everything has been compared with the manifest.

    Raises KeepingError for a wrong passphrase, a damaged backup, or an office that is there already."""
    folder = configuration.path
    _refuse_inhabited(configuration)
    try:
        with path.open("rb") as source:
            sealed = SealedReader(source, passphrase)
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _started(configuration) as settings, _staging(folder) as stage:
                manifest = _read(sealed, stage, settings)
                with connect(settings) as connection:
                    prove(connection, manifest.chains)
                _move(stage, folder)
    except (SealError, tarfile.TarError) as error:
        raise KeepingError(f"{path}: {error}") from None
    return manifest


def rehearse(path: Path, passphrase: str) -> Manifest:
    """Restores a backup into a folder of its own with a database of its own, proves the chains and throws
    both away. Raises KeepingError for a backup that could not be restored."""
    with tempfile.TemporaryDirectory(prefix="shebaoka-rehearsal-") as name:
        configuration = Configuration(folder=str(Path(name) / "office"))
        try:
            return restore(configuration, path, passphrase)
        finally:
            database.stop(configuration.path / FOLDER)


def _refuse_inhabited(configuration: Configuration) -> None:
    folder = configuration.path
    if not configuration.database_url and (folder / FOLDER).exists():
        raise KeepingError(f"{folder} holds an office already: name a new folder in SHEBAOKA_FOLDER")
    if configuration.database_url:
        with _answering(), connect(database_settings(configuration)) as connection:
            row = connection.execute(
                "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            ).fetchone()
        if row is None or row[0]:
            raise KeepingError("the database of DATABASE_URL is not empty: name a new one")


@contextmanager
def _started(configuration: Configuration) -> Iterator[dict[str, Any]]:
    """The database's settings; an own one that this call made goes again when it fails."""
    if configuration.database_url:
        yield database_settings(configuration)
        return
    try:
        database.start(configuration.path / FOLDER)
        with _answering():
            yield database_settings(configuration)
    except BaseException:
        database.stop(configuration.path / FOLDER)
        shutil.rmtree(configuration.path / FOLDER, ignore_errors=True)
        raise


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        raise KeepingError(f"the database does not answer: {type(error).__name__}") from error


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """A folder beside where the files will go; what is left of it is removed."""
    stage = Path(tempfile.mkdtemp(prefix=".restore-", dir=folder))
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _read(source: SealedReader, stage: Path, settings: dict[str, Any]) -> Manifest:
    """Files into the stage, the dump into the database; its last piece is held back until the manifest has
    been read and everything is what it says."""
    found: dict[str, Kept] = {}
    manifest: Manifest | None = None
    held, pieces = b"", 0
    with restoring(settings) as dump, tarfile.open(fileobj=cast(Any, source), mode="r|") as archive:
        for entry in archive:
            content = archive.extractfile(entry)
            if content is None:
                raise KeepingError(f"{entry.name} in the backup is no file")
            if entry.name == MANIFEST:
                manifest = _manifest(content.read())
            elif entry.name.startswith(f"{DUMP}/"):
                dump.write(held)
                held, pieces = content.read(), pieces + 1
            else:
                found[entry.name] = _extract(content, stage, entry.name)
        while source.read(_PIECE):  # to the last piece, which proves that nothing is missing
            pass
        if manifest is None or manifest.files != found or manifest.dump != pieces:
            raise KeepingError("the backup does not hold what its manifest says")
        dump.write(held)
    return manifest


def _manifest(raw: bytes) -> Manifest:
    try:
        manifest = msgspec.json.decode(raw, type=Manifest)
    except msgspec.DecodeError as error:
        raise KeepingError("the backup is of a format this version does not know") from error
    if manifest.format != FORMAT:
        raise KeepingError(f"the backup has format {manifest.format}; this version reads {FORMAT}")
    return manifest


def _extract(content: IO[bytes], stage: Path, name: str) -> Kept:
    parts = PurePosixPath(name).parts
    if not parts or parts[0] == "/" or ".." in parts:
        raise KeepingError(f"{name}: a backup holds no such name")
    path = stage.joinpath(*parts)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while piece := content.read(_PIECE):
            out.write(piece)
            digest.update(piece)
            size += len(piece)
    return Kept(size, digest.hexdigest())


def _move(stage: Path, folder: Path) -> None:
    """The office's own files to where they were, others into the folder of their kind."""
    own = stage / OFFICE
    for path in [*own.glob("*"), *(each for each in stage.iterdir() if each != own)]:
        target = folder / path.name
        if target.is_dir():
            shutil.rmtree(target)
        path.replace(target)
