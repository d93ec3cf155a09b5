"""The issuing city, with nowhere but a test's own folder to make cards in."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from office.cards.world import World, made, workshop
from office.conftest import NOW
from office.country import Country


@pytest.fixture
def world(country: Country, tmp_path: Path) -> Iterator[World]:
    with workshop(tmp_path):
        yield made(country, NOW, NOW + timedelta(hours=8))
