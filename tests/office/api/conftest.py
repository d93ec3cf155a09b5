"""The invented city with its hospital, and the one that issues cards."""

import pytest

from office.cards.conftest import world as issuing
from office.cards.world import World
from office.psams.conftest import world

__all__ = ("issuing", "world")


@pytest.fixture
def city(issuing: World) -> World:
    """With blanks for cards."""
    issuing.blanks()
    return issuing
