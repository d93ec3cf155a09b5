"""Whether a card holds what the list said: every value of a person against what was read."""

from collections.abc import Iterator, Mapping

from shebaoka.codec.items import encode_value
from shebaoka.codec.values import Value
from shebaoka.personalization.targets import Target, parse_target
from shebaoka.spec.model import CardLayout, Item, ItemType, Meaning, Structure
from shebaoka.terminal.content import FileReading

Found = Mapping[tuple[str, int], FileReading]

_SPECIAL = ("name", "pin", "medical.balance", "SSSE.EF08")  # no single item; compared by other means


def differences(values: Mapping[str, str], found: Found, layout: CardLayout) -> Iterator[str]:
    """Places where the card (``found``) says something else than the list (``values``)."""
    for place, text in values.items():
        if place in _SPECIAL:
            continue
        target = parse_target(layout, place)
        item = target.item
        try:
            held = _held(target, found)
        except (KeyError, IndexError):
            yield place
            continue
        if encode_value(item, held) != encode_value(item, _stored(item, text)):
            yield place


def _held(target: Target, found: Found) -> Value:
    place = target.place
    records = found[place.directory.id, place.file.fid].records
    if place.file.structure is Structure.CYCLIC:
        oldest_first = records[::-1]
        fields = oldest_first[place.number - 1].items
        return next(field.value for field in fields if field.item is target.part)
    value = records[place.number - 1].items[0].value
    if target.part is None:
        return value
    return value[f"{target.part.tag:02X}"] if isinstance(value, Mapping) else None


def _stored(item: Item, text: str) -> Value:
    """The text of a cell as the card holds it."""
    if item.meaning in (Meaning.AMOUNT, Meaning.NUMBER):
        return int(text)
    return text.zfill(2 * item.length) if item.codes and item.type is ItemType.CN else text
