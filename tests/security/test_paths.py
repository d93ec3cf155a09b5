"""Files named in a list: only those of the folder of pictures, only regular ones."""

import os
from pathlib import Path

import pytest

from shebaoka.personalization.convert import CellError, converter
from shebaoka.spec.model import Item, ItemType, Meaning, Text

PICTURE = b"\xff\xd8\xff picture"
ITEM = Item(tag=0, type=ItemType.B, length=300, name=Text(zh="照片", en="photo"), meaning=Meaning.IMAGE)
RAW = Item(tag=0, type=ItemType.B, length=300, name=Text(zh="预留", en="reserved"), meaning=Meaning.BYTES)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    (folder / "deep").mkdir(parents=True)
    for path in (folder / "a.jpg", folder / "deep" / "b.jpg", tmp_path / "secret.jpg"):
        path.write_bytes(PICTURE)
    (tmp_path / "photos-of-others").mkdir()
    (tmp_path / "photos-of-others" / "c.jpg").write_bytes(PICTURE)
    (folder / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    (folder / "loop.jpg").symlink_to(folder / "loop.jpg")
    (folder / "alias.jpg").symlink_to("a.jpg")
    os.mkfifo(folder / "pipe.jpg")
    with (folder / "large.jpg").open("wb") as file:
        file.truncate(1 << 40)  # a hole: reading it would fill the memory
    return folder


@pytest.mark.parametrize("name", ["a.jpg", "deep/b.jpg", "deep/../a.jpg", "alias.jpg"])
def test_pictures_of_the_folder_are_read(folder: Path, name: str) -> None:
    assert converter(ITEM, folder=folder)(name) == PICTURE


@pytest.mark.parametrize("item", [ITEM, RAW])
@pytest.mark.parametrize(
    "name",
    [
        "../secret.jpg",
        "../photos-of-others/c.jpg",
        "deep/../../secret.jpg",
        "link.jpg",
        "loop.jpg",
        "pipe.jpg",
        ".",
        "/etc/passwd",
        "/dev/zero",
        "a.jpg\0",
        "x" * 5000,
        "\ud800.jpg",
    ],
)
def test_others_are_not(folder: Path, item: Item, name: str) -> None:
    with pytest.raises(CellError, match="cannot be read") as refusal:
        converter(item, folder=folder)(name)
    assert str(folder) in refusal.value.advice


def test_a_large_one_is_not_read(folder: Path) -> None:
    with pytest.raises(CellError, match="1099511627776 bytes, 300 fit"):
        converter(ITEM, folder=folder)("large.jpg")
