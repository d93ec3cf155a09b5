"""The invented city with its hospital."""

from datetime import timedelta

import pytest

from office.conftest import NOW
from office.country import Country
from office.psams.world import World, made


@pytest.fixture
def world(country: Country) -> World:
    """Rules in force, a vendor filed, a hospital with two keepers."""
    return made(country, NOW, NOW + timedelta(hours=8))
