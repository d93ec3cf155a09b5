"""Where the value of a parameter comes from, as pages say it in their language."""

import re
from functools import cache
from pathlib import Path

import msgspec

from shebaoka.office.base.catalogue import Words
from shebaoka.spec.loading import read_toml

REFERENCE = re.compile(r"(?:R|PW|Q|K)-\d+|M47 art\. \d+|Part \d+(?: §[\d.]+)?")
"""What is read alike in every language; several stand with a comma between them."""


class _Other(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    zh: str
    es: str


@cache
def phrases() -> dict[str, Words]:
    """The other places of national defaults, by their English words (``places.toml``)."""
    found = msgspec.convert(read_toml(Path(__file__).with_name("places.toml")), dict[str, _Other])
    return {english: Words(other.zh, english, other.es) for english, other in found.items()}


def is_reference(place: str) -> bool:
    """Whether it needs no other words."""
    return all(REFERENCE.fullmatch(part) for part in place.split(", "))


def place_words(place: str) -> Words | str:
    """The place of a national default in the language of the page; what a body wrote stays as it is."""
    return phrases().get(place, place)
