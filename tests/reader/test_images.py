"""Chips from image files: kinds, passphrases, what is no image."""

from pathlib import Path

import pytest

from shebaoka.chip.image import ImageError
from shebaoka.chip.store import MemoryStore
from shebaoka.personalization.fixtures import build_fixture
from shebaoka.reader.images import open_chip
from shebaoka.reader.in_process import InProcessReader

FIXTURES = Path(__file__).parents[2] / "examples" / "fixtures"
CHANGE_PIN = bytes.fromhex("805E010007123456FF654321")
SELECT = bytes.fromhex("00A404000F7378312E73682EC9E7BBE1B1A3D5CF")


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "card.chip"
    store = build_fixture(FIXTURES / "card-2.0-3des.toml").store
    assert isinstance(store, MemoryStore)
    store.save(path)
    return path


def change_pin(path: Path, *, in_memory: bool = False) -> bytes:
    reader = InProcessReader(open_chip(path, in_memory=in_memory))
    reader.reset()
    reader.transmit(SELECT)
    return reader.transmit(CHANGE_PIN)


def test_changes_are_kept_in_the_file(image: Path) -> None:
    assert change_pin(image) == b"\x90\x00"
    assert change_pin(image) == b"\x63\xc5"  # the PIN is another one now


def test_in_memory_the_file_stays(image: Path) -> None:
    before = image.read_bytes()
    assert change_pin(image, in_memory=True) == b"\x90\x00"
    assert image.read_bytes() == before


def test_a_psam_image(tmp_path: Path) -> None:
    path = tmp_path / "psam.chip"
    store = build_fixture(FIXTURES / "psam-sm4.toml").store
    assert isinstance(store, MemoryStore)
    store.save(path, passphrase="open sesame")
    assert open_chip(path, "open sesame").kind == "psam"
    with pytest.raises(ImageError, match=r"psam\.chip: "):
        open_chip(path, "wrong")
    with pytest.raises(ImageError, match=r"psam\.chip: "):
        open_chip(path)


def test_no_image(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="absent: cannot be read: No such file"):
        open_chip(tmp_path / "absent")
    assert not (tmp_path / "absent").exists()
    with pytest.raises(ImageError, match="cannot be read: Is a directory"):
        open_chip(tmp_path)
    (tmp_path / "text").write_text("hello")
    with pytest.raises(ImageError, match="text: "):
        open_chip(tmp_path / "text")
