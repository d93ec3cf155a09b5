"""Where a value goes on the card, written ``DIRECTORY.FILE[record].TAG[occurrence].CHILD``.

* ``SSSE.EF06.09`` - an item; ``DF02.EF05.43[2].5A`` - child 5A of the second item 43 (B-TLV)
* ``DF02.EF07[1].02`` - second field of the oldest record of a cyclic file
* ``SSSE.EF08`` - a whole transparent file
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from shebaoka.personalization.errors import PersonalizationError
from shebaoka.spec.model import CardLayout, DirectoryLayout, FileLayout, Item, Structure

_FORM = re.compile(
    r"(?P<directory>SSSE|DF[0-9A-F]{2})\.(?P<file>EF[0-9A-F]{2})(\[(?P<record>[1-9][0-9]?)\])?"
    r"(\.(?P<tag>[0-9A-F]{2})(\[(?P<count>[1-9])\])?(\.(?P<child>[0-9A-F]{2}))?)?"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A record of the card: directory, file, item (None: a whole cyclic record), and its number.

    ``number`` counts records in file order from 1 for linear files, cyclic records from the oldest, and is
    0 for a transparent file."""

    directory: DirectoryLayout
    file: FileLayout
    item: Item | None
    number: int

    @property
    def text(self) -> str:
        """``SSSE.EF06.09``."""
        base = f"{self.directory.id}.{self.file.id}"
        if self.file.structure is Structure.CYCLIC:
            return f"{base}[{self.number}]"
        if self.item is None or not self.item.tag:
            return base
        first = next(n for place, n in _numbered(self.file) if place.tag == self.item.tag)
        occurrence = f"[{self.number - first + 1}]" if self.item.count > 1 else ""
        return f"{base}.{self.item.tag:02X}{occurrence}"


@dataclass(frozen=True, slots=True)
class Target:
    """A place and, inside it, a child of a template or a field of a cyclic record (None: the whole)."""

    place: Place
    part: Item | None

    @property
    def item(self) -> Item:
        """The item or field whose type the value has."""
        item = self.part or self.place.item
        assert item is not None  # a target never names a cyclic record as a whole  # noqa: S101
        return item


def parse_target(layout: CardLayout, text: str) -> Target:
    """The target ``text`` names. Raises PersonalizationError saying which part the layout does not have."""
    match = _FORM.fullmatch(text)
    if match is None:
        raise PersonalizationError(f"{text!r} is not a place on a card; write it like SSSE.EF06.09")
    directory = next((d for d in layout.directories if d.id == match["directory"]), None)
    file = directory.file(int(match["file"], 16)) if directory else None
    if directory is None or file is None:
        raise PersonalizationError(
            f"{text}: card {layout.id} has no file {match['directory']}.{match['file']}"
        )
    if file.structure is Structure.CYCLIC:
        return _cyclic(directory, file, match, text)
    if file.structure is Structure.TRANSPARENT:
        if match["tag"] or match["record"] or not file.items:
            raise PersonalizationError(f"{text}: {file.id} is a transparent file; name the file alone")
        return Target(Place(directory, file, file.items[0], 0), None)
    return _linear(directory, file, match, text)


def parse_place(layout: CardLayout, text: str) -> Place:
    """The place of :attr:`Place.text`. Raises PersonalizationError."""
    match = _FORM.fullmatch(text)
    directory = next((d for d in layout.directories if match and d.id == match["directory"]), None)
    file = directory.file(int(match["file"], 16)) if match and directory else None
    if match and directory and file and match["record"] and not match["tag"]:
        return Place(directory, file, None, int(match["record"]))
    if directory and file and file.structure in (Structure.VARIABLE, Structure.FIXED):
        for place in _records(directory, file):
            if place.text == text:
                return place
    return parse_target(layout, text).place


def record_places(layout: CardLayout) -> Iterator[Place]:
    """Every record of the linear files, in file order (the order in which a reader counts them)."""
    for directory in layout.directories:
        for file in directory.files:
            if file.structure in (Structure.VARIABLE, Structure.FIXED):
                yield from _records(directory, file)


def _records(directory: DirectoryLayout, file: FileLayout) -> Iterator[Place]:
    for item, first in _numbered(file):
        for occurrence in range(item.count):
            yield Place(directory, file, item, first + occurrence)


def _numbered(file: FileLayout) -> Iterator[tuple[Item, int]]:
    number = 1
    for item in file.items:
        yield item, number
        number += item.count


def _cyclic(directory: DirectoryLayout, file: FileLayout, match: re.Match[str], text: str) -> Target:
    number, field, count = int(match["record"] or 0), int(match["tag"] or "0", 16), len(file.items)
    if not 1 <= number <= file.records or not 1 <= field <= count or match["child"] or match["count"]:
        raise PersonalizationError(
            f"{text}: {file.id} is cyclic; write {directory.id}.{file.id}[record].field with record "
            f"1-{file.records} and field 01-{count:02d}"
        )
    return Target(Place(directory, file, None, number), file.items[field - 1])


def _linear(directory: DirectoryLayout, file: FileLayout, match: re.Match[str], text: str) -> Target:
    tag, occurrence = int(match["tag"] or "0", 16), int(match["count"] or 1)
    found = next(((item, first) for item, first in _numbered(file) if item.tag == tag), None)
    if found is None or match["record"]:
        raise PersonalizationError(f"{text}: {directory.id}.{file.id} has no such item")
    item, first = found
    if occurrence > item.count:
        raise PersonalizationError(f"{text}: item {tag:02X} occurs at most {item.count} times")
    place = Place(directory, file, item, first + occurrence - 1)
    if not item.children:
        if match["child"]:
            raise PersonalizationError(f"{text}: item {tag:02X} has no parts")
        return Target(place, None)
    child = next((c for c in item.children if match["child"] and c.tag == int(match["child"], 16)), None)
    if child is None:
        parts = ", ".join(f"{c.tag:02X}" for c in item.children)
        raise PersonalizationError(f"{text}: item {tag:02X} is a template; name one of its parts {parts}")
    return Target(place, child)


@dataclass(frozen=True, slots=True)
class RecordPlan:
    """All places a card of a batch may fill: linear records in file order, then the transparent files and
    cyclic records that the mapping names. ``index``: position by place text."""

    places: tuple[Place, ...]
    index: dict[str, int] = field(repr=False)

    @classmethod
    def of(cls, layout: CardLayout, named: Iterable[Place] = ()) -> "RecordPlan":
        """The plan for a layout and the further places a mapping names."""
        places = list(record_places(layout))
        known = {place.text for place in places}
        extra = {place.text: place for place in named if place.text not in known}
        places += [extra[text] for text in sorted(extra)]
        return cls(tuple(places), {place.text: position for position, place in enumerate(places)})
