"""Growing waits in place of locks."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.regions import RULES
from shebaoka.domain.guessing import Ladder

LADDER = Ladder(5, timedelta(seconds=30), timedelta(minutes=30))


@pytest.mark.parametrize(("failures", "seconds"), [(0, 0), (5, 0), (6, 30), (7, 60), (8, 120), (50, 1800)])
def test_waits(failures: int, seconds: int) -> None:
    assert LADDER.wait(failures) == timedelta(seconds=seconds)


@given(st.integers(0, 10**9))
def test_a_wait_never_shrinks_and_always_ends(failures: int) -> None:
    assert LADDER.wait(failures) <= LADDER.wait(failures + 1) <= LADDER.longest


def test_negative_counts_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="from 0"):
        LADDER.wait(-1)


def test_the_digits_go_off_after_a_hundred() -> None:
    assert not LADDER.is_off(99)
    assert LADDER.is_off(100)


def test_a_region_has_its_ladder() -> None:
    assert Ladder.of(RULES) == Ladder(5, timedelta(minutes=1), timedelta(minutes=30), 100)
