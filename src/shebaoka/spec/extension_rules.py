"""The rules of V2 §6 (and Part 6 §6.7) for a city's own applications, files, items and keys."""

from collections.abc import Collection, Iterator, Sequence
from enum import Enum
from functools import cache

from shebaoka.spec.check import MAX_RECORDS, key_problems, layout_problems
from shebaoka.spec.errors import SpecError
from shebaoka.spec.extension_model import AddedItem, Extension
from shebaoka.spec.keys import key_catalogue
from shebaoka.spec.layouts import GENERATIONS
from shebaoka.spec.model import CardLayout, DirectoryLayout, KeyEntry, KeyRole, Scope, Structure

FIRST_DF = 0xDF0A
_EITHER_TAG, _EITHER_FILES = 0x60, (("DF02", 0xEF06), ("DF03", 0xEF05))
OWN_EFS = (*range(0xEF0C, 0xEF15), *range(0xEF1B, 0xEF1E))
_OWN_ROLES = (KeyRole.READ, KeyRole.UPDATE, KeyRole.MAINTENANCE, KeyRole.APPLICATION_BLOCK)
_PSAM_RANGES = {Scope.PROVINCE: range(0x40, 0x80), Scope.CITY: range(0x80, 0xC0)}


class Rule(Enum):
    """A rule of extension, in words, with its source."""

    REGION = "ids of extension and code tables start with the six digits of the region"
    GENERATION = "an extension names the generations it is for"
    DIRECTORY = "own DFs are DF0A to DFFE (V2 §6)"
    FILE = "own EFs are EF0C to EF14 and EF1B to EF1D (V2 §6, decision K69)"
    TAKEN = "identifiers and tags that are taken may not be used again (V2 §6)"
    SSSE = "files of the SSSE get no further items (V2 §6)"
    CYCLIC = "cyclic files may get more records, but no further fields (V2 §6)"
    PLACE = "items belong to record files that exist"
    KEY = "own keys read, update, maintain or block, and their roots are of the province or the city"
    FORM = "what is added has the form of the standard's files, items and keys (V2 §7)"


class ExtensionError(SpecError):
    """An extension file that breaks a rule: ``file: place: message (rule: ...)``."""

    def __init__(self, file: str, rule: Rule, message: str, place: str = "") -> None:
        super().__init__(file, place, f"{message} (rule: {rule.value})")
        self.rule = rule


def check_extension(
    extension: Extension,
    layout: CardLayout,
    merged: CardLayout,
    keys: Sequence[KeyEntry],
    tables: Collection[str] = (),
) -> None:
    """Raise ExtensionError for the first rule that ``extension`` breaks on the card ``layout``.

    ``merged`` is the layout with the extension, ``keys`` all keys of it with the files they control,
    ``tables`` the ids of the code tables that extensions brought.
    """
    for place, rule, message in _violations(extension, layout, merged, keys, tables):
        raise ExtensionError(extension.file, rule, message, place)


def advice(extension: Extension) -> tuple[str, ...]:
    """Hints that no rule enforces: PSAM identifiers outside the range of the level (decision K15)."""
    return tuple(
        f"key {key.name}: PSAM identifier {key.psam_id:02X} is outside {allowed[0]:02X} to {allowed[-1]:02X}"
        for key in extension.keys
        if key.psam_id is not None and (allowed := _PSAM_RANGES.get(key.scope)) and key.psam_id not in allowed
    )


_Violation = tuple[str, Rule, str]


def _violations(
    extension: Extension,
    layout: CardLayout,
    merged: CardLayout,
    keys: Sequence[KeyEntry],
    tables: Collection[str],
) -> Iterator[_Violation]:
    yield from _head(extension, layout)
    directories = {directory.id: directory for directory in layout.directories}
    yield from _directories(extension, directories)
    own = {directory.id: directory for directory in extension.directories}
    yield from _files(extension, directories, own)
    yield from _items(extension, directories)
    yield from _records(extension, directories)
    yield from _keys(extension, {key.name for key in keys[: len(keys) - len(extension.keys)]})
    for problem in (*layout_problems(merged, keys, tables), *key_problems(merged, keys)):
        yield problem.place, Rule.FORM, problem.message


def _head(extension: Extension, layout: CardLayout) -> Iterator[_Violation]:
    region = extension.region
    if not (len(region) == 6 and region.isascii() and region.isdigit()):
        yield "region", Rule.REGION, f"{region!r} has not six digits"
    if not extension.id.startswith(f"{region}-"):
        yield "id", Rule.REGION, f"{extension.id!r} does not start with {region}-"
    for table in extension.tables:
        if not table.id.startswith(f"{region}-"):
            yield f"table {table.id}", Rule.REGION, f"does not start with {region}-"
    if layout.id not in extension.generations:
        named = ", ".join(extension.generations) or "none"
        yield "generations", Rule.GENERATION, f"the card is a {layout.id}, the extension is for {named}"
    if extension.id in layout.extensions:
        yield "id", Rule.TAKEN, f"{extension.id} is there twice"


def _directories(extension: Extension, directories: dict[str, DirectoryLayout]) -> Iterator[_Violation]:
    seen: set[str] = set()
    for directory in extension.directories:
        if directory.id in directories or directory.id in seen:
            yield directory.id, Rule.TAKEN, "is taken"
        elif directory.id == "SSSE" or not FIRST_DF <= directory.fid <= 0xDFFE:
            yield directory.id, Rule.DIRECTORY, "is no identifier for an own DF"
        if not directory.files:
            yield directory.id, Rule.FORM, "has no files"
        seen.add(directory.id)


def _files(
    extension: Extension, directories: dict[str, DirectoryLayout], own: dict[str, DirectoryLayout]
) -> Iterator[_Violation]:
    inside = [(directory.id, file) for directory in extension.directories for file in directory.files]
    added = [(entry.directory, entry.file) for entry in extension.files]
    seen: set[tuple[str, int]] = set()
    for directory_id, file in inside + added:
        place = f"{directory_id} {file.id}"
        directory = directories.get(directory_id)
        if directory is None and directory_id not in own:
            yield place, Rule.PLACE, f"there is no directory {directory_id}"
        if (directory is not None and directory.file(file.fid)) or (directory_id, file.fid) in seen:
            yield place, Rule.TAKEN, "is taken"
        elif file.fid not in OWN_EFS:
            yield place, Rule.FILE, "is no identifier for an own EF"
        seen.add((directory_id, file.fid))


def _items(extension: Extension, directories: dict[str, DirectoryLayout]) -> Iterator[_Violation]:
    for added in extension.items:
        place = f"{added.directory} {added.file:04X} {added.item.tag:02X}"
        directory = directories.get(added.directory)
        file = directory.file(added.file) if directory else None
        if added.directory == "SSSE":
            yield place, Rule.SSSE, "stands in the SSSE"
        elif file is None:
            yield place, Rule.PLACE, "there is no such file"
        elif file.structure is Structure.CYCLIC:
            yield place, Rule.CYCLIC, "would be a further field"
        elif file.structure is Structure.TRANSPARENT:
            yield place, Rule.PLACE, "the file holds no records"
        elif added.item.tag in {item.tag for item in file.items}:
            yield place, Rule.TAKEN, "the tag is taken in this file"
        elif added.item.tag == _EITHER_TAG and _stands_in_the_other(added, directories):
            yield place, Rule.TAKEN, "item 60 stands in DF02 EF06 or in DF03 EF05, never in both (V2 §7)"


def _stands_in_the_other(added: AddedItem, directories: dict[str, DirectoryLayout]) -> bool:
    """Whether the file that shares item 60 with this one has it already."""
    if (added.directory, added.file) not in _EITHER_FILES:
        return False
    others = [place for place in _EITHER_FILES if place != (added.directory, added.file)]
    files = [directories[id_].file(fid) for id_, fid in others if id_ in directories]
    return any(item.tag == _EITHER_TAG for file in files if file for item in file.items)


def _records(extension: Extension, directories: dict[str, DirectoryLayout]) -> Iterator[_Violation]:
    for change in extension.records:
        place = f"{change.directory} {change.file:04X}"
        directory = directories.get(change.directory)
        file = directory.file(change.file) if directory else None
        if file is None or file.structure is not Structure.CYCLIC:
            yield place, Rule.CYCLIC, "is no cyclic file"
        elif not file.records <= change.records <= MAX_RECORDS:
            yield place, Rule.CYCLIC, f"{change.records} records are not {file.records} to {MAX_RECORDS}"


def _keys(extension: Extension, taken: set[str]) -> Iterator[_Violation]:
    for key in extension.keys:
        place = f"key {key.name}"
        if key.name in taken:
            yield place, Rule.TAKEN, "the name is taken"
        if key.role not in _OWN_ROLES:
            yield place, Rule.KEY, f"its role is {key.role}"
        if key.scope is Scope.NATION:
            yield place, Rule.KEY, "its scope is nation"
        if not key.name.endswith(key.directory):
            yield place, Rule.FORM, f"the name does not end in {key.directory}"
        if key.psam_id in _psam_places():
            holder = _psam_places()[key.psam_id]
            yield place, Rule.TAKEN, f"PSAM identifier {key.psam_id:02X} belongs to {holder}"


@cache
def _psam_places() -> dict[int, str]:
    """PSAM identifiers of the standard's keys of every generation, of which one PSAM serves the cards."""
    every = [key for generation in GENERATIONS for key in key_catalogue(generation, annex=True)]
    return {key.psam_id: key.name for key in every if key.psam_id and key.role is not KeyRole.PURCHASE}
