"""Sealed images: what their seal defends, and what it cannot (docs/security.md)."""

from pathlib import Path

import pytest

from shebaoka.chip.image import ImageError, open_image
from shebaoka.chip.store import FileStore
from shebaoka.chip.values import KIND, Address

A: Address = (12, 0, 1, 0)
PASSPHRASE = "open sesame"


def frames(image: bytes) -> tuple[bytes, list[bytes]]:
    """The first line, and the frames ``length 4 ‖ checksum 4 ‖ payload``."""
    start = image.index(b"\n") + 1
    head, found = image[:start], []
    while start < len(image):
        end = start + 8 + int.from_bytes(image[start : start + 4])
        found.append(image[start:end])
        start = end
    return head, found


def sealed(path: Path, values: range) -> list[bytes]:
    """The image after each value; the first one creates it."""
    store, images = FileStore(path, passphrase=PASSPHRASE), []
    for value in values:
        store.commit({KIND: b"card", A: value} if value == values.start else {A: value})
        images.append(path.read_bytes())
    store.close()
    return images


def test_a_nonce_never_comes_again(tmp_path: Path) -> None:
    """Not in the journal, not after going on from a restored copy, not in two copies that both go on."""
    path, copy = tmp_path / "card", tmp_path / "copy"
    images = sealed(path, range(6))
    for at in (2, 4, 5):
        for place in (path, copy):
            place.write_bytes(images[at])
            store = FileStore(place, passphrase=PASSPHRASE)
            for value in range(6, 9):
                store.commit({A: value})
            store.close()
            images.append(place.read_bytes())
    every = {frame for image in images for frame in frames(image)[1]}
    assert len(every) == 6 + 6 * 3
    assert len({frame[8:20] for frame in every}) == len(every)


def test_frames_are_not_moved_dropped_repeated_or_exchanged(tmp_path: Path) -> None:
    head, mine = frames(sealed(tmp_path / "card", range(4))[-1])
    _, others = frames(sealed(tmp_path / "other", range(4))[-1])
    snapshot, one, two, three = mine
    wrong = [
        [snapshot, two, three],
        [snapshot, two, one, three],
        [snapshot, one, one, two],
        [snapshot, one, others[2], three],
        [others[0], one, two, three],
        [one, two, three],
        [snapshot, one, two[:20] + bytes((two[20] ^ 1,)) + two[21:], three],
    ]
    for order in wrong:
        with pytest.raises(ImageError):
            open_image(head + b"".join(order), PASSPHRASE)
    with pytest.raises(ImageError):
        open_image(head.replace(b" card ", b" psam ") + b"".join(mine), PASSPHRASE)


def test_an_older_image_opens(tmp_path: Path) -> None:
    """A file cannot know that it is old: who can write it can bring back tries, money, keys."""
    for image, value in zip(sealed(tmp_path / "card", range(4)), range(4), strict=True):
        assert open_image(image, PASSPHRASE).state[A] == value
