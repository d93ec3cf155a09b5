"""Opens a terminal session for a command, with or without keys."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from shebaoka.cli.slots import Slots

if TYPE_CHECKING:
    from shebaoka.terminal.session import Session
    from shebaoka.terminal.settings import Settings


def open_session(
    slots: Slots,
    chip: Path | None,
    reader: str | None,
    psam: Path | None,
    psam_reader: str | None,
    vaults: list[Path] | None,
) -> "Session":
    """A session after pre-processing. Without keys the card's proof of being genuine is left out, with a
    notice."""
    from shebaoka.terminal import preprocess

    keys = slots.keys(psam, psam_reader, vaults)
    settings = settings_for(slots.extensions, authenticate=keys is not None)
    return preprocess.open_session(slots.card(chip, reader), keys, settings)


def identify(
    slots: Slots,
    chip: Path | None,
    reader: str | None,
    psam: Path | None,
    psam_reader: str | None,
    vaults: list[Path] | None,
) -> "Session":
    """A session with the card's identity and without any check."""
    from shebaoka.terminal import preprocess

    keys = slots.keys(psam, psam_reader, vaults)
    return preprocess.identify(
        slots.card(chip, reader), keys, settings_for(slots.extensions, authenticate=False)
    )


def settings_for(extensions: Sequence[Path], *, authenticate: bool) -> "Settings":
    """Terminal settings, with the layouts and keys of a city's extension files when given."""
    from shebaoka.spec.extensions import for_generation
    from shebaoka.spec.keys import key_catalogue
    from shebaoka.spec.layouts import GENERATIONS, card_layout
    from shebaoka.terminal.settings import Settings

    its = {id_: for_generation(extensions, id_) for id_ in GENERATIONS}
    return Settings(
        authenticate=authenticate,
        layouts={id_: card_layout(id_, paths) for id_, paths in its.items() if paths},
        keys={id_: key_catalogue(id_, paths) for id_, paths in its.items() if paths},
    )
