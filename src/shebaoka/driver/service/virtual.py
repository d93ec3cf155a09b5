"""Virtual readers of a demonstration: cards from TEST_ONLY images, put in and pulled out by a click."""

import threading
from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path

from shebaoka.chip.chip import Chip
from shebaoka.driver.service.problems import RefusedError
from shebaoka.reader.base import CardAbsentError, Controls, Reader
from shebaoka.reader.images import is_sealed, kind_of, open_chip
from shebaoka.reader.in_process import InProcessReader, interface_of

_SUFFIXES = (".card", ".chip")
_MOST_SHOWN = 100  # a batch may have a million


class VirtualReaderError(ValueError):
    """An image that may not go into a virtual reader: path and reason in one line."""


def card_images(place: Path) -> dict[str, Path]:
    """The card image in a file, or those of a folder by file name: the TEST_ONLY ones, of cards. Raises
    VirtualReaderError when there is none, ImageError for a file that is no image."""
    files = sorted(place.iterdir()) if place.is_dir() else [place]
    images = [path for path in files if path.suffix in _SUFFIXES or path == place]
    found = [path for path in images if kind_of(path) == "card" and not is_sealed(path)]
    if not found:
        raise VirtualReaderError(f"{place}: no card image that is TEST_ONLY (shebaoka chip build makes one)")
    return {path.name: path for path in found}


Images = Mapping[str, Path] | Callable[[], Mapping[str, Path]]
"""Images of cards by the name they are inserted by; or what looks for them anew every time."""


class VirtualReader:
    """A reader with contacts and antenna, and the cards that may be inserted. It is empty at first.

    A card is opened when it is inserted and written back to its image as it changes.
    """

    def __init__(self, name: str, images: Images) -> None:
        self.name = name
        self._look: Callable[[], Mapping[str, Path]] = images if callable(images) else lambda: images
        self._lock = threading.Lock()
        self._chip: Chip | None = None

    @property
    def cards(self) -> list[str]:
        """Names of cards that may be inserted: the first hundred; any other goes in by its name, too."""
        return list(islice(self._look(), _MOST_SHOWN))

    @property
    def card(self) -> bool:
        """Whether a card is in the reader."""
        return self._chip is not None

    def insert(self, card: str) -> None:
        """Insert a card by name (empty: the first one), after taking out the one that is in. Raises
        RefusedError for an unknown name, VirtualReaderError for an image that is sealed or no card."""
        images = self._look()
        path = images.get(card) if card else next(iter(images.values()), None)
        if path is None:
            raise RefusedError("card-unknown")
        if is_sealed(path):
            raise VirtualReaderError(f"{path}: is sealed; a virtual reader takes TEST_ONLY images only")
        chip = open_chip(path)
        if chip.kind != "card":
            raise VirtualReaderError(f"{path}: is the image of a {chip.kind}, not of a card")
        self.remove()
        with self._lock:
            self._chip = chip

    def remove(self) -> None:
        """Pull the card out, whatever it is doing."""
        with self._lock:
            chip, self._chip = self._chip, None
        if chip is not None:
            chip.power_off()

    def contact(self) -> Reader:
        """The card over its contacts. Raises CardAbsentError."""
        return self._slot(radio=False)

    def contactless(self) -> Reader:
        """The card over its antenna. Raises CardAbsentError, also for a card without one."""
        return self._slot(radio=True)

    def holds(self, chip: Chip) -> bool:
        """Whether this very card is still in the reader."""
        return self._chip is chip

    def _slot(self, *, radio: bool) -> Reader:
        chip = self._chip
        if chip is None or interface_of(chip) not in ("dual", "contactless" if radio else "contact"):
            raise CardAbsentError(f"no card in {self.name}: insert one")
        return _Slot(self, chip, radio=radio)


class _Slot:
    def __init__(self, place: VirtualReader, chip: Chip, *, radio: bool) -> None:
        self._place, self._chip, self._radio = place, chip, radio
        self._reader = InProcessReader(chip)

    @property
    def controls(self) -> Controls:
        return self._reader.controls

    def reset(self) -> bytes:
        self._present()
        return self._reader.activate_contactless() if self._radio else self._reader.reset()

    def transmit(self, apdu: bytes) -> bytes:
        self._present()
        return self._reader.transmit(apdu)

    def close(self) -> None:
        if self._place.holds(self._chip):
            self._reader.close()

    def _present(self) -> None:
        if not self._place.holds(self._chip):
            raise CardAbsentError(f"the card was taken out of {self._place.name}")
