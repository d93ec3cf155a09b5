"""The words of messages to holders, as data in three languages, and what a message may name."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter

import msgspec

from shebaoka.office.base.catalogue import Words
from shebaoka.spec.loading import read_toml

LONGEST = 100
"""Characters of a value."""


@cache
def kinds() -> dict[str, Words]:
    """Every kind of message, with its words."""
    return msgspec.convert(read_toml(Path(__file__).with_name("messages.toml")), dict[str, Words])


def named_by(kind: str) -> frozenset[str]:
    """The values that its words name, the same in each language. Raises KeyError."""
    words = kinds()[kind]
    found = {frozenset(_fields(each)) for each in (words.zh, words.en, words.es)}
    (names,) = found
    return names


def filled(kind: str, values: Mapping[str, str]) -> str:
    """A message as it reads in the language that is in force."""
    return str(kinds()[kind]).format_map(values)


def values_of(kind: str, values: Mapping[str, object]) -> dict[str, str]:
    """The values as they are kept: text, not longer than :data:`LONGEST`. Raises ValueError for others than
    the words of ``kind`` name."""
    if values.keys() != named_by(kind):
        raise ValueError(f"{kind} names {sorted(named_by(kind))}")
    return {name: str(value)[:LONGEST] for name, value in values.items()}


def _fields(text: str) -> list[str]:
    return [name for _literal, name, _spec, _conversion in Formatter().parse(text) if name]
