"""Nothing shows a key: no answer (the machines watch that), no repr, no error."""

from pathlib import Path

import pytest

from chip.build import AID, VARIANTS, Algorithm, Loader, card, psam
from chip.watch import key_windows
from shebaoka.chip.image import open_image
from shebaoka.chip.store import FileStore


def texts(loader: Loader) -> list[str]:
    """What a log or a debugger would show of everything inside."""
    chip = loader.chip
    directories = list(chip.tree.directories.values())
    slots = [slot for directory in directories for slot in directory.keys.values()]
    keys = [key for slot in slots for key in slot.versions.values()]
    things: list[object] = [chip, chip.store, chip.tree, chip.session, *directories, *slots, *keys]
    things += [key.cipher for key in keys]
    things += [file for directory in directories for file in directory.files.values()]
    return [repr(thing) + str(thing) for thing in things]


@pytest.mark.parametrize("algorithm", VARIANTS)
@pytest.mark.parametrize("make", [card, psam])
def test_no_repr_shows_a_key(algorithm: Algorithm, make: object) -> None:
    loader: Loader = make(algorithm)  # type: ignore[operator]
    found = texts(loader)
    assert len(found) > 20
    for window in key_windows(loader.chip.state):
        for text in found:
            assert window.hex() not in text.lower()
            assert repr(window)[2:-1] not in text


def test_images_in_memory_do_not_show_themselves(tmp_path: Path) -> None:
    chip = card(Algorithm.TDES).chip
    path = tmp_path / "card"
    chip.store.save(path)  # type: ignore[attr-defined]
    opened = open_image(path.read_bytes(), None)
    shown = repr(opened) + repr(opened.codec) + repr(FileStore(path))
    for window in key_windows(chip.state):
        assert repr(window)[2:-1] not in shown


def test_a_prepared_transaction_shows_no_key() -> None:
    loader = card(Algorithm.TDES)
    loader.select(AID[:-1] + b"\x03")
    loader.ok("0020000003123456")
    loader.ok("B02800010B0100002710650100000001")
    shown = repr(loader.chip.session.transaction)
    assert "key" in shown
    for window in key_windows(loader.chip.state):
        assert repr(window)[2:-1] not in shown
