"""A reader service with a virtual reader and two cards."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from driver.service import House, save, serving


@pytest.fixture
def cards(tmp_path: Path) -> Path:
    """A folder with card images: two generations of the same card."""
    save(tmp_path, "2.0", "card-2.0-sm4")
    save(tmp_path, "3.0", "card-3.0-sm4")
    return tmp_path


@pytest.fixture
def house(cards: Path) -> Iterator[House]:
    with serving(cards) as house:
        yield house
