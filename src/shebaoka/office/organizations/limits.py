"""Numbers that bound signing in and staff sessions: defaults as data, a region's own from a higher part."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from shebaoka.office.base.catalogue import Words
from shebaoka.spec.loading import read_toml

Name: TypeAlias = Literal[
    "session-minutes",
    "sign-in-minutes",
    "sign-in-attempts",
    "failures-free",
    "failures-free-address",
    "longest-wait-minutes",
    "activation-hours",
    "recovery-codes",
]


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number, its bounds, the tag of its source and what it means."""

    value: int
    least: int
    most: int
    source: Literal["L", "S", "K", "P", "D", "?"]
    text: Words


SOURCES: list[Callable[[str, Name], int | None]] = []
"""Where a region's own numbers come from: called with region and name, None for the default. A part above
adds its function when the office starts."""


@cache
def limits() -> dict[str, Limit]:
    """The defaults."""
    found = msgspec.convert(read_toml(Path(__file__).with_name("limits.toml")), dict[str, Limit])
    for name, entry in found.items():
        if not entry.least <= entry.value <= entry.most:
            raise ValueError(f"limits.toml: {name} is outside of its bounds")
    return found


def limit(name: Name, region: str = "") -> int:
    """The number in force in ``region``, never beyond its bounds. Without a region the default."""
    entry = limits()[name]
    for source in SOURCES if region else ():
        own = source(region, name)
        if own is not None:
            return min(max(own, entry.least), entry.most)
    return entry.value
