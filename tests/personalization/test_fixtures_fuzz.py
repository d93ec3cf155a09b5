"""Whatever stands in a fixture: a chip, or one line that says what is wrong."""

import copy
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shebaoka.chip.chip import Chip
from shebaoka.personalization.fixtures import FixtureError, build_fixture

FOLDER = Path(__file__).parents[2] / "examples" / "fixtures"
SOURCES = [
    tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
    for name in ("card-2.0-3des.toml", "card-1.0-3des.toml", "psam-sm4.toml", "psam-city.toml")
]
EXTRA: dict[str, Any] = {
    "keys": {"versions": {"IRK": 1}, "limits": {"BK": 1}, "roots": {"IRK": {"1": "00" * 16}}, "card": {}},
    "extensions": ["a.toml"],
    "annex": True,
    "files": {"DF02": {"EF07": {"records": [{"Occupation": "1"}]}}, "DF01": {"EF16": {"content": "00"}}},
}
TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "00", "0G", "SM4", "SSF33", "name", "2.0", "FF" * 16, "DF01", "EF05", "𠮷", "2016-01-01"]
    ),
)
VALUES = st.recursive(
    st.one_of(
        TEXTS, st.integers(-(2**70), 2**70), st.booleans(), st.floats(), st.none(), st.binary(max_size=4)
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=4,
)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something can be put in place of something else."""
    children: Iterable[tuple[Any, Any]] = value.items() if isinstance(value, dict) else ()
    children = enumerate(value) if isinstance(value, list) else children
    return [path] * bool(path) + [found for key, child in children for found in _paths(child, (*path, key))]


def _told(fixture: dict[str, Any]) -> str:
    """The line of the refusal; empty when the chip was built."""
    try:
        assert isinstance(build_fixture(fixture), Chip)
    except FixtureError as error:
        return str(error)
    return ""


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_mutated_fixture_builds_or_explains(data: st.DataObject) -> None:
    fixture: dict[str, Any] = copy.deepcopy(data.draw(st.sampled_from(SOURCES)))
    for key, value in EXTRA.items():
        if data.draw(st.integers(0, 3)) == 0:
            fixture[key] = copy.deepcopy(value)
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(_paths(fixture)))
        place: Any = fixture
        for step in path[:-1]:
            place = place[step]
        if data.draw(st.booleans()) and isinstance(place, dict):
            place[data.draw(TEXTS)] = data.draw(VALUES)
        else:
            place[path[-1]] = data.draw(VALUES)
    assert "\n" not in _told(fixture)
