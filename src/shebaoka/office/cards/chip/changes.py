"""From places and texts of the registry to whole records of the chip.

A record is written whole: a part of a template or of a cyclic record takes its neighbors from the registry.
The name stands in two items (V2 §8.1.2.2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from shebaoka.codec.text import split_an
from shebaoka.codec.values import Value
from shebaoka.personalization.convert import converter
from shebaoka.personalization.mapping import FULL_NAME, NAME, NAME_REST
from shebaoka.personalization.targets import Place, Target, parse_target
from shebaoka.spec.model import CardLayout, Structure
from shebaoka.terminal.updating import Change


@dataclass(slots=True)
class RecordChange:
    """A record: ``texts`` of its parts by place; ``place``: of the record."""

    place: Place
    texts: dict[str, str] = field(default_factory=dict, repr=False)

    def change(self) -> Change:
        """What the terminal writes. Raises CellError, ItemError, OSError."""
        place = self.place
        key = (place.directory.id, place.file.fid)
        match place.file.structure:
            case Structure.TRANSPARENT:
                return Change(*key, data=_file(next(iter(self.texts.values()))))
            case Structure.CYCLIC:
                return Change(*key, fields=self._parts())
        assert place.item is not None  # only cyclic records have none  # noqa: S101
        first = _occurrence(place)
        if place.item.children:
            return Change(*key, tag=place.item.tag, value=self._parts(), occurrence=first)
        text = next(iter(self.texts.values()))
        value = converter(place.item)(text) if text else None
        return Change(*key, tag=place.item.tag, value=value, occurrence=first)

    def _parts(self) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for name, text in self.texts.items():
            if text:
                target = _parsed[name]
                cyclic = self.place.item is None
                key = target.item.name.en if cyclic else f"{target.item.tag:02X}"
                found[key] = converter(target.item)(text)
        return found


_parsed: dict[str, Target] = {}


def records(
    layout: CardLayout, wanted: Iterable[str], registry: Mapping[str, str], values: Mapping[str, str]
) -> dict[str, RecordChange]:
    """The records that hold the places ``wanted``, by record. ``values``: texts to write, before those of the
    ``registry``; neighbors in a record come from the registry. Places the layout lacks are left out."""
    known = {**registry, **values}
    found: dict[str, RecordChange] = {}
    for place in wanted:
        if place == NAME:
            for own, text in _name(layout, known.get(NAME, "")).items():
                found[own] = RecordChange(_target(layout, own).place, {own: text})
            continue
        target = _target(layout, place)
        record = found.setdefault(target.place.text, RecordChange(target.place))
        record.texts[place] = known.get(place, "")
        if target.part is None:
            continue
        for other, text in known.items():
            if other != NAME and other.startswith(f"{target.place.text}."):
                _target(layout, other)
                record.texts[other] = text
    return found


def _name(layout: CardLayout, name: str) -> dict[str, str]:
    first = _target(layout, FULL_NAME).item.length
    try:
        rest = _target(layout, NAME_REST).item.length
    except ValueError:
        return {FULL_NAME: split_an(name, first, 0)[0]}
    head, tail = split_an(name, first, rest)
    return {FULL_NAME: head, NAME_REST: tail}


def _target(layout: CardLayout, place: str) -> Target:
    target = parse_target(layout, place)
    _parsed[place] = target
    return target


def _occurrence(place: Place) -> int:
    inside = place.text.rpartition("[")[2].rstrip("]")
    return int(inside) if place.item is not None and place.item.count > 1 else 1


def _file(text: str) -> bytes:
    return (Path(settings.MEDIA_ROOT) / text).read_bytes() if text else b""
