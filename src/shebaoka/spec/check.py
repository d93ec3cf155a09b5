"""Checks over specification data: what a layout and its keys must fulfill, shipped or extended by a city."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from typing import NamedTuple

from shebaoka.spec.codes import code_tables, tables_of
from shebaoka.spec.conditions import key_names
from shebaoka.spec.keys import key_catalogue
from shebaoka.spec.layouts import GENERATIONS, card_layout
from shebaoka.spec.model import (
    CardLayout,
    DirectoryLayout,
    FileLayout,
    Item,
    ItemType,
    KeyEntry,
    KeyRole,
    Meaning,
    Structure,
)

MAX_RECORD_VALUE = 253  # tag, length and value of a record fit one command of 255 bytes
MAX_TRANSPARENT = 0x7FFF  # READ BINARY addresses 15 bits (Part 5 T29)
MAX_RECORDS = 254  # Part 9 §5

_FIXED_FORM = {
    Meaning.DATE: (ItemType.CN, 4),
    Meaning.MONTH: (ItemType.CN, 3),
    Meaning.TIME: (ItemType.CN, 7),
    Meaning.REGION: (ItemType.CN, 3),
}


class Problem(NamedTuple):
    """Something wrong in specification data: where, and what."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


def check_shipped() -> list[Problem]:
    """Problems of the data in the package, for every generation with the annex; empty when all is well."""
    found: list[Problem] = []
    for generation in GENERATIONS:
        layout, keys = card_layout(generation, annex=True), key_catalogue(generation, annex=True)
        problems = [*layout_problems(layout, keys), *key_problems(layout, keys)]
        found += [Problem(f"{generation} {place}", message) for place, message in problems]
    return found


def layout_problems(
    layout: CardLayout, keys: Iterable[KeyEntry], local_tables: Iterable[str] = ()
) -> Iterator[Problem]:
    """Problems of directories, files and items, and of conditions against the keys.

    Items may refer to the code tables of the standard and to ``local_tables`` (ids).
    """
    by_name = {key.name: key for key in keys}
    tables = {table.id for table in code_tables()} | set(local_tables)
    yield from _doubles((directory.id for directory in layout.directories), "layout", "directory")
    yield from _doubles((directory.aid for directory in layout.directories), "layout", "name for SELECT")
    for directory in layout.directories:
        if not 5 <= len(bytes.fromhex(directory.aid)) <= 16:
            yield Problem(directory.id, "its name for SELECT must have 5 to 16 bytes (Part 5 §6.11)")
        yield from _doubles((file.id for file in directory.files), directory.id, "file")
        for file in directory.files:
            place = f"{directory.id} {file.id}"
            if not 1 <= file.sfi <= 30 or file.sfi == layout.dir_sfi:
                yield Problem(place, f"short identifier {file.sfi:02X} is not free (01 to 1D)")
            yield from _condition_problems(directory, file, by_name)
            yield from _file_problems(file, place, tables)


def key_problems(layout: CardLayout, keys: Iterable[KeyEntry]) -> Iterator[Problem]:
    """Problems of the catalogue: names, identifiers, PSAM places, keys that control nothing."""
    keys = tuple(keys)
    yield from _doubles((key.name for key in keys), "keys", "name")
    numbered = [key for key in keys if key.role not in {KeyRole.LOAD, KeyRole.PURCHASE, KeyRole.TAC}]
    yield from _doubles(((key.directory, key.identifier) for key in numbered), "keys", "identifier")
    in_psam = [key for key in keys if key.psam_id is not None and key.role is not KeyRole.PURCHASE]
    yield from _doubles((key.psam_id for key in in_psam), "keys", "PSAM identifier")
    directories = {directory.id for directory in layout.directories}
    for key in numbered:
        if key.identifier is None or not _identifier_fits(key):
            yield Problem(key.name, "identifier must be 00 to 0F in the SSSE, 81 to 8F in a DF (Part 5 T14)")
    for key in keys:
        if key.directory not in directories:
            yield Problem(key.name, f"there is no directory {key.directory}")
        if not key.controls:
            yield Problem(key.name, "controls no file and no command")
        if key.length not in ({8, 16} if key.role is KeyRole.MAINTENANCE else {16}):
            yield Problem(key.name, f"length {key.length} is not the one of a {key.role} key")


def _identifier_fits(key: KeyEntry) -> bool:
    if key.directory == "SSSE":
        return key.identifier in range(0x10)
    return key.identifier in range(0x81, 0x90)


def _condition_problems(
    directory: DirectoryLayout, file: FileLayout, keys: dict[str, KeyEntry]
) -> Iterator[Problem]:
    place = f"{directory.id} {file.id}"
    for access, condition in (("read", file.read_condition), ("write", file.write_condition)):
        for name in sorted(key_names(condition)):
            key = keys.get(name)
            if key is None:
                yield Problem(place, f"its {access} condition names {name}, which is no key")
            elif key.directory not in {directory.id, "SSSE"}:
                yield Problem(place, f"its {access} condition names {name}, a key of {key.directory}")


def _file_problems(file: FileLayout, place: str, tables: set[str]) -> Iterator[Problem]:
    tagged = file.structure in {Structure.VARIABLE, Structure.FIXED}
    if tagged:
        yield from _doubles((f"{item.tag:02X}" for item in file.items), place, "tag")
    if not file.items:
        yield Problem(place, "has no items")
    for item in file.items:
        yield from _item_problems(item, _item_place(place, item), tagged, tables)
    match file.structure:
        case Structure.TRANSPARENT:
            if not 1 <= file.size <= MAX_TRANSPARENT or file.size != sum(i.length for i in file.items):
                yield Problem(
                    place, f"size {file.size} is not the sum of its fields (1 to {MAX_TRANSPARENT})"
                )
        case Structure.CYCLIC:
            if not 1 <= file.records <= MAX_RECORDS or not 1 <= file.record_length <= 255:
                yield Problem(place, f"a cyclic file has 1 to {MAX_RECORDS} records of 1 to 255 bytes")
        case Structure.FIXED:
            if len({item.length for item in file.items}) > 1:
                yield Problem(place, "the records of a fixed file must be equally long")
            if file.records < sum(item.count for item in file.items):
                yield Problem(place, "has fewer records than items")
        case Structure.INTERNAL:
            yield Problem(place, "internal files are the chip's own")


def _item_problems(item: Item, place: str, tagged: bool, tables: set[str]) -> Iterator[Problem]:
    if tagged and not 1 <= item.tag <= 0xFE:
        yield Problem(place, "tag must be 01 to FE")
    if not tagged and item.tag:
        yield Problem(place, "fields of cyclic and transparent files have no tag")
    if not 1 <= item.length <= (MAX_RECORD_VALUE if tagged else MAX_TRANSPARENT):
        yield Problem(place, f"length {item.length} does not fit")
    if item.count < 1:
        yield Problem(place, "count must be at least 1")
    if (item.type, item.length) != _FIXED_FORM.get(item.meaning, (item.type, item.length)):
        yield Problem(place, f"a {item.meaning} is {' '.join(map(str, _FIXED_FORM[item.meaning]))}")
    if item.parts and sum(part.length for part in item.parts) != item.length:
        yield Problem(place, "the parts of its code do not add up to its length")
    for table in tables_of(item):
        if table not in tables:
            yield Problem(place, f"there is no code table {table}")
    if (item.type is ItemType.BTLV) != bool(item.children):
        yield Problem(place, "a B-TLV item has children, others have none")
    if item.children:
        yield from _doubles((f"{child.tag:02X}" for child in item.children), place, "tag")
        if item.length != sum(2 + child.length for child in item.children):
            yield Problem(place, "its length is not the sum of tag, length and value of its children")
        for child in item.children:
            yield from _item_problems(child, _item_place(place, child), True, tables)


def _item_place(place: str, item: Item) -> str:
    return f"{place} {item.tag:02X}" if item.tag else f"{place} {item.name.zh}"


def _doubles(values: Iterable[Hashable], place: str, what: str) -> Iterator[Problem]:
    for value, count in Counter(values).items():
        if count > 1:
            yield Problem(place, f"{what} {_shown(value)} is there {count} times")


def _shown(value: Hashable) -> str:
    if isinstance(value, tuple):
        return " ".join(_shown(part) for part in value)
    return f"{value:02X}" if isinstance(value, int) else str(value)
