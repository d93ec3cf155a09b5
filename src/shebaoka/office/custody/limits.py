"""Numbers of custody: defaults as data, a region's own from the part that keeps parameters."""

from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from shebaoka.office.custody.hooks import LIMITS
from shebaoka.office.organizations.limits import Limit
from shebaoka.spec.loading import read_toml

Name: TypeAlias = Literal[
    "certificate-warning-days",
    "longest-out-hours",
    "stock-take-days",
    "longest-hand-over-days",
    "return-warning-days",
]


@cache
def limits() -> dict[str, Limit]:
    """The defaults."""
    return msgspec.convert(read_toml(Path(__file__).with_name("limits.toml")), dict[str, Limit])


def limit(name: Name, region: str) -> int:
    """The number in force in ``region``, never beyond its bounds."""
    entry = limits()[name]
    for source in LIMITS:
        own = source(region, name)
        if own is not None:
            return min(max(own, entry.least), entry.most)
    return entry.value
