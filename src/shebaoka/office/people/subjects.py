"""Subjects: what the registry says of a person, and where it stands on the card (``subjects.toml``), checked
by the card's own types and code tables."""

from functools import cache

import msgspec
from django.utils.translation import get_language

from shebaoka.codec.items import ItemError, compile_item
from shebaoka.office.base.catalogue import Words, entries
from shebaoka.office.base.errors import Refusal
from shebaoka.office.people.reasons import of_value
from shebaoka.personalization.convert import CellError, converter
from shebaoka.personalization.targets import Target, parse_target
from shebaoka.spec.codes import code_table
from shebaoka.spec.layouts import card_layout
from shebaoka.spec.model import CardLayout, Item, ItemType, Meaning

GENERATION = "2.0"
"""The card whose items the registry has homes for."""
_LONGEST = 200  # characters of a text, which the card may shorten


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A field: the tag (two hexadecimal digits) of the item or child on the card, for a cyclic record its
    place; and its name in Spanish, the others are the card's own."""

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

    def place(self, field: str, number: int = 1) -> str:
        """Where a field of the ``number``-th entry stands on the card."""
        tag = self.fields[field].tag
        if self.cyclic:
            return f"{self.file}[{number}].{tag}"
        return f"{self.file}.{self.item}[{number}].{tag}" if self.item else f"{self.file}.{tag}"


@cache
def subjects() -> dict[str, Subject]:
    """All of them, by name."""
    return {name.partition(".")[2]: value for name, value in entries("subjects.toml", Subject).items()}


@cache
def card() -> CardLayout:
    """The layout of :data:`GENERATION`."""
    return card_layout(GENERATION)


@cache
def target(subject: str, field: str) -> Target:
    """Where a field stands on the card."""
    return parse_target(card(), subjects()[subject].place(field))


def label(subject: str, field: str) -> str:
    """A field's name in the language of the page."""
    item = target(subject, field).item
    return str(Words(item.name.zh, item.name.en, subjects()[subject].fields[field].es))


def choices(item: Item) -> list[tuple[str, str]]:
    """The codes of an item with their names; Chinese ones in Chinese, English ones otherwise. Empty for an
    item without a table."""
    if item.codes is None:
        return []
    chinese = (get_language() or "en").startswith("zh")
    codes = code_table(item.codes).codes.items()
    return [(code, text.zh if chinese else text.en) for code, text in codes]


def is_text(item: Item) -> bool:
    """Whether an item takes any words, which the card may shorten; numbers of certificates are no words."""
    free = item.codes is None and not item.parts and item.meaning is Meaning.TEXT
    return free and item.type is ItemType.AN and item.length > 18


def checked(subject: str, place: int, values: dict[str, str]) -> dict[str, str]:
    """Values as they are kept: codes, yyyymmdd, fen; empty ones left out. Raises Refusal
    ``people.no-subject``, ``people.fact-unfit`` naming the field."""
    entry = subjects().get(subject)
    if entry is None or not 1 <= place <= entry.most or not values.keys() <= entry.fields.keys():
        raise Refusal("people.no-subject")
    return {name: _kept(subject, name, text.strip()) for name, text in values.items() if text.strip()}


def _kept(subject: str, field: str, text: str) -> str:
    item = target(subject, field).item
    if is_text(item):
        if len(text) > _LONGEST or not text.isprintable():
            raise Refusal("people.too-long", most=_LONGEST)
        return text
    try:
        value = converter(item)(text)
        compile_item(item)(value)
    except CellError as error:
        raise Refusal("people.fact-unfit", field=label(subject, field), why=of_value(error.kind)) from None
    except ItemError:
        raise Refusal("people.fact-unfit", field=label(subject, field), why=of_value(None)) from None
    return str(value)
