"""Chips kept in image files."""

from pathlib import Path

from shebaoka.card.card import open_card
from shebaoka.chip.chip import Chip
from shebaoka.chip.image import ImageError, image_kind
from shebaoka.chip.profile import Profile
from shebaoka.chip.store import FileStore, Store, load_image
from shebaoka.psam.carrier.carrier import open_carrier
from shebaoka.psam.psam import open_psam

_HEADER_BYTES = 256


def open_chip(
    path: Path,
    passphrase: str | None = None,
    *,
    durable: bool = False,
    profile: Profile | None = None,
    in_memory: bool = False,
) -> Chip:
    """The card, PSAM or carrier in an image file (see its ``kind``). Every change goes to the file at once
    (``durable``: also through a power failure of this machine); ``in_memory``: the file stays as it is.

    Raises ImageError, one line with the path: not found, no image, damaged, wrong or missing passphrase.
    """
    kind, _sealed = _header(path)
    try:
        store: Store = (
            load_image(path, passphrase) if in_memory else FileStore(path, durable, passphrase=passphrase)
        )
    except OSError as error:
        raise ImageError(f"{path}: cannot be read: {error.strerror}") from error
    except ImageError as error:
        raise ImageError(f"{path}: {error}") from error
    return {"card": open_card, "psam": open_psam}.get(kind, open_carrier)(store, profile=profile)


def is_sealed(path: Path) -> bool:
    """Whether the image opens with a passphrase only. Raises ImageError."""
    return _header(path)[1]


def kind_of(path: Path) -> str:
    """What the image is of: ``card``, ``psam`` or a carrier. Raises ImageError."""
    return _header(path)[0]


def _header(path: Path) -> tuple[str, bool]:
    try:
        with path.open("rb") as file:
            return image_kind(file.read(_HEADER_BYTES))
    except OSError as error:
        raise ImageError(f"{path}: cannot be read: {error.strerror}") from error
    except ImageError as error:
        raise ImageError(f"{path}: {error}") from error
