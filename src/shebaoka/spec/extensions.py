"""A city's or province's own applications, files, items and keys: one TOML file, checked against V2 §6.

The file has ``id`` (starting with the region), ``zh``, ``en``, ``region`` (six digits), ``generations``, and
any of

* ``[[directories]]`` an application of its own, written like in a layout; without ``aid`` its label names it;
* ``[[files]]`` a file in a directory that exists: ``directory`` and the fields of a file;
* ``[[items]]`` an item in a file that exists: ``directory``, ``file`` and the fields of an item;
* ``[[records]]`` more records in a cyclic file: ``directory``, ``file``, ``records``;
* ``keys`` of scope province or city, and ``[tables.ID]`` code tables whose ID starts with the region.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from shebaoka.spec.codes import register, tables_from
from shebaoka.spec.extension_model import AddedFile, AddedItem, AddedRecords, Extension
from shebaoka.spec.extension_rules import check_extension
from shebaoka.spec.keys import complete, key_catalogue, keys_from
from shebaoka.spec.layouts import GENERATIONS, card_layout, in_order, read_directory, replace_file
from shebaoka.spec.loading import Raw, Source, read_toml
from shebaoka.spec.model import (
    CardLayout,
    DirectoryLayout,
    KeyEntry,
)

_HEAD = ("id", "zh", "en", "region", "generations")
_FIELDS = (*_HEAD, "directories", "files", "items", "records", "keys", "tables")
_KEY_DEFAULTS: dict[str, Any] = {"length": 16, "versions": 1}


def load_extension(path: Path) -> Extension:
    """Read an extension file; its code tables become known to ``codes``. Raises SpecError.

    Only the form is checked here; the rules need the card: :func:`extend_layout`, ``check_extension``.
    """
    extension = extension_from(Source(str(path)), read_toml(path))
    register(extension.tables)
    return extension


def extension_from(source: Source, raw: Raw) -> Extension:
    """An extension from parsed TOML. Raises SpecError."""
    source.known(raw, _FIELDS)
    plain = {key: value for key, value in raw.items() if key in _HEAD}
    extension = source.build(
        Extension,
        plain,
        "",
        file=source.file,
        directories=tuple(read_directory(source, entry) for entry in source.tables(raw, "directories")),
        files=tuple(_file(source, entry) for entry in source.tables(raw, "files")),
        items=tuple(_item(source, entry) for entry in source.tables(raw, "items")),
        records=tuple(
            source.build(AddedRecords, entry, "records") for entry in source.tables(raw, "records")
        ),
        keys=keys_from(source, [_KEY_DEFAULTS | dict(entry) for entry in source.tables(raw, "keys")]),
        tables=tuple(tables_from(source, raw).values()),
    )
    unknown = [generation for generation in extension.generations if generation not in GENERATIONS]
    if unknown or not extension.generations:
        named = repr(unknown[0]) if unknown else "an empty list"
        raise source.fail("generations", f"{named} is none of {', '.join(GENERATIONS)}")
    return extension


def extend_layout(layout: CardLayout, paths: Sequence[Path]) -> CardLayout:
    """``layout`` with the extensions, each checked against those before. Raises ExtensionError, SpecError."""
    return extended(layout, [load_extension(path) for path in paths])[0]


def extension_keys(layout: CardLayout, paths: Sequence[Path]) -> tuple[KeyEntry, ...]:
    """The keys that the extension files bring to ``layout``. Raises ExtensionError, SpecError."""
    return extended(layout, [load_extension(path) for path in paths])[1]


def for_generation(paths: Sequence[Path], generation: str) -> tuple[Path, ...]:
    """Those of the files that are for cards of ``generation``. Raises SpecError."""
    return tuple(path for path in paths if generation in load_extension(path).generations)


def check_extension_file(path: Path, annex: bool = False) -> Extension:
    """Read an extension file and check it for every generation it names. Raises ExtensionError, SpecError."""
    extension = load_extension(path)
    for generation in extension.generations:
        extended(card_layout(generation, annex=annex), [extension])
    return extension


def extended(layout: CardLayout, extensions: Sequence[Extension]) -> tuple[CardLayout, tuple[KeyEntry, ...]]:
    """``layout`` with the extensions, and the keys they bring. Raises ExtensionError."""
    annex = any(directory.id == "DF05" for directory in layout.directories)
    standard = key_catalogue(layout.id, annex=annex)
    local: tuple[KeyEntry, ...] = ()
    tables: set[str] = set()
    for extension in extensions:
        merged = _merge(layout, extension)
        keys = tuple(complete(key, merged) for key in (*standard, *local, *extension.keys))
        tables |= {table.id for table in extension.tables}
        check_extension(extension, layout, merged, keys, tables)
        layout, local = merged, (*local, *extension.keys)
    return layout, local


def _merge(layout: CardLayout, extension: Extension) -> CardLayout:
    """The layout with what the extension brings; what fits nowhere is left out (the rules refuse it)."""
    directories = {directory.id: directory for directory in layout.directories}
    for new in extension.directories:
        directories.setdefault(new.id, new)
    for added in extension.files:
        directory = directories.get(added.directory)
        if directory is not None and directory.file(added.file.fid) is None:
            files = sorted((*directory.files, added.file), key=lambda file: file.fid)
            directories[directory.id] = msgspec.structs.replace(directory, files=tuple(files))
    changes: list[AddedItem | AddedRecords] = [*extension.items, *extension.records]
    for change in changes:
        directory = directories.get(change.directory)
        if directory is not None:
            directories[directory.id] = _changed(directory, change)
    return msgspec.structs.replace(
        layout,
        directories=in_order(directories.values()),
        extensions=(*layout.extensions, extension.id),
    )


def _changed(directory: DirectoryLayout, change: AddedItem | AddedRecords) -> DirectoryLayout:
    file = directory.file(change.file)
    if file is None:
        return directory
    if isinstance(change, AddedItem):
        file = msgspec.structs.replace(file, items=(*file.items, change.item))
    else:
        file = msgspec.structs.replace(file, records=change.records)
    return replace_file(directory, file)


def _file(source: Source, raw: Raw) -> AddedFile:
    directory = str(raw.get("directory", "directory?"))
    fields = {key: value for key, value in raw.items() if key != "directory"}
    return AddedFile(directory, source.layout_file(fields, directory))


def _item(source: Source, raw: Raw) -> AddedItem:
    directory, file = raw.get("directory"), raw.get("file")
    if not isinstance(directory, str) or not isinstance(file, int):
        raise source.fail("items", "each needs a directory and a file")
    fields = {key: value for key, value in raw.items() if key not in {"directory", "file"}}
    return AddedItem(directory, file, source.item(fields, f"{directory} {file:04X}"))
