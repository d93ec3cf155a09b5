"""Subjects: what the registry says of a person, and where it stands on the card (``subjects.toml``)."""

from functools import cache

import msgspec

from shebaoka.office.base.catalogue import Words, entries
from shebaoka.office.base.errors import Refusal


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A field: the tag (two hexadecimal digits) of the item or child on the card, and its name in Spanish;
    the others are the card's own."""

    tag: str
    es: str


class Subject(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A subject. ``file``: on the card, ``DF01.EF05``; ``item``: the template the fields are children of;
    ``most``: entries at once; ``cyclic``: the card keeps the latest."""

    name: Words
    file: str
    fields: dict[str, Field]
    item: str = ""
    most: int = 1
    cyclic: bool = False


@cache
def subjects() -> dict[str, Subject]:
    """All of them, by name."""
    return {name.partition(".")[2]: value for name, value in entries("subjects.toml", Subject).items()}


def checked(subject: str, place: int, values: dict[str, str]) -> dict[str, str]:
    """Values as they are kept. Raises Refusal ``people.fact-unfit``."""
    entry = subjects().get(subject)
    if entry is None or not 1 <= place <= entry.most:
        raise Refusal("people.fact-unfit", field=subject, why="")
    for name in values:
        if name not in entry.fields:
            raise Refusal("people.fact-unfit", field=name, why="")
    return {name: text.strip() for name, text in values.items() if text.strip()}
