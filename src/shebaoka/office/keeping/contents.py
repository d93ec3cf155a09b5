"""Which files belong to an office: its folder, and the vaults and settings of the deployment."""

from collections.abc import Iterator
from pathlib import Path

from shebaoka.office.configuration import Configuration
from shebaoka.office.database import FOLDER
from shebaoka.office.keeping.programs import KeepingError
from shebaoka.vault.model import VaultError
from shebaoka.vault.settings import FILE, find_settings, place_of_settings

OFFICE = "office"
DEPLOYMENT = "deployment"
INCLUDED = "included"
_NOT_KEPT = {FOLDER, "static", "metrics", "postgres.users", "postgres.start"}


def contents(configuration: Configuration, include: list[Path]) -> Iterator[tuple[str, Path]]:
    """Every file to be kept and its name in the backup. ``include``: files and folders of one's own choice,
    chip images for instance. Raises KeepingError for one that is not there or cannot be named."""
    for path in sorted(configuration.path.glob("*")):
        if path.name not in _NOT_KEPT and not path.name.startswith(".restore-"):
            yield from _files(path, f"{OFFICE}/{path.name}")
    yield from _deployment()
    names = set()
    for path in include:
        if not path.exists():
            raise KeepingError(f"{path}: there is no such file or folder to keep")
        if path.resolve().name in names:
            raise KeepingError(f"{path}: another one of that name is kept already")
        names.add(path.resolve().name)
        yield from _files(path, f"{INCLUDED}/{path.resolve().name}")


def _deployment() -> Iterator[tuple[str, Path]]:
    """The settings and the files of the vaults they name: sealed files of software vaults, registers beside
    tokens and devices. Keys in an HSM are not here, nor the secrets that open a vault."""
    try:
        settings = find_settings()
    except VaultError as error:
        raise KeepingError(str(error)) from None
    if settings is None:
        return
    folder = Path(settings.folder)
    yield f"{DEPLOYMENT}/{FILE}", place_of_settings()
    for name, vault in settings.vaults.items():
        path = settings.place(vault.path)
        if not path.is_file():
            continue
        inside = path.resolve().is_relative_to(folder.resolve())
        within = (
            path.resolve().relative_to(folder.resolve()) if inside else Path("elsewhere", name, path.name)
        )
        yield f"{DEPLOYMENT}/{within}", path


def _files(path: Path, name: str) -> Iterator[tuple[str, Path]]:
    if path.is_symlink():
        return
    if path.is_file():
        yield name, path
    elif path.is_dir():
        for child in sorted(path.iterdir()):
            yield from _files(child, f"{name}/{child.name}")
