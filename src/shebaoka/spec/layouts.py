"""Card layouts of generations 1.0, 2.0 and 3.0, the annex applications and the PSAM, read from ``data/``."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import msgspec

from shebaoka.spec.loading import DATA, Raw, Source, read_toml, shipped
from shebaoka.spec.model import (
    CardLayout,
    DirectoryLayout,
    FileLayout,
    PsamEnvironment,
    PsamLayout,
)

GENERATIONS = ("1.0", "2.0", "3.0")


def card_layout(id: str = "2.0", extensions: Sequence[Path] = (), annex: bool = False) -> CardLayout:  # noqa: A002
    """The layout of a generation, with DF05 and DF06 of V2 appendix B (``annex``) and a city's extensions.

    Raises ValueError for an unknown generation, SpecError or ExtensionError for a bad extension file.
    """
    if id not in GENERATIONS:
        raise ValueError(f"unknown card generation {id!r}: one of {', '.join(GENERATIONS)}")
    layout = _with_annex(id) if annex else _generation(id)
    if not extensions:
        return layout
    from shebaoka.spec.extensions import extend_layout  # it needs the plain layouts of this module

    return extend_layout(layout, extensions)


@cache
def psam_layout() -> PsamLayout:
    """The files of a PSAM: two environments with the same files (Part 9 §5)."""
    name = "psam.toml"
    source, raw = Source(name), shipped(name)
    files = tuple(source.layout_file(entry, "DDF") for entry in source.tables(raw, "files"))
    application = read_directory(source, raw["application"])
    environments = tuple(
        source.build(
            PsamEnvironment, entry, f"environment {entry.get('id')}", files=files, application=application
        )
        for entry in source.tables(raw, "environments")
    )
    return source.build(PsamLayout, {"zh": raw["zh"], "en": raw["en"]}, "", environments=environments)


@cache
def _generation(id_: str) -> CardLayout:
    return read_layout(DATA / f"layout-{id_}.toml")


@cache
def _with_annex(id_: str) -> CardLayout:
    return with_annex(_generation(id_))


def with_annex(layout: CardLayout) -> CardLayout:
    """The layout with DF05 and DF06 of V2 appendix B, unless it has them."""
    held = {directory.id for directory in layout.directories}
    added = [directory for directory in _annex() if directory.id not in held]
    return msgspec.structs.replace(layout, directories=in_order((*layout.directories, *added)))


@cache
def _annex() -> tuple[DirectoryLayout, ...]:
    name = "layout-annex.toml"
    source, raw = Source(name), shipped(name)
    return tuple(read_directory(source, entry) for entry in source.tables(raw, "directories"))


def in_order(directories: Iterable[DirectoryLayout]) -> tuple[DirectoryLayout, ...]:
    """SSSE first, then the DFs by identifier."""
    return tuple(sorted(directories, key=lambda directory: (directory.id != "SSSE", directory.fid)))


def read_layout(path: Path) -> CardLayout:
    """A layout file: complete (``directories``) or as ``changes`` of a ``base``. Raises SpecError."""
    source, raw = Source(path.name), read_toml(path)
    if "base" in raw:
        return _changed(source, raw, _generation(raw["base"]))
    source.known(raw, ("id", "zh", "en", "version", "algorithms", "directories"))
    directories = tuple(read_directory(source, entry) for entry in source.tables(raw, "directories"))
    return source.build(CardLayout, raw, "", directories=directories)


def _changed(source: Source, raw: Raw, base: CardLayout) -> CardLayout:
    source.known(raw, ("id", "base", "zh", "en", "version", "algorithms", "changes"))
    directories = {directory.id: directory for directory in base.directories}
    for change in source.tables(raw, "changes"):
        place = f"{change.get('directory')} {change.get('file', 0):04X}"
        source.known(change, ("directory", "file", "read", "write", "source"), place)
        directory = directories.get(str(change.get("directory")))
        file = directory.file(change.get("file", 0)) if directory else None
        if directory is None or file is None:
            raise source.fail(place, f"is no file of generation {base.id}")
        new = {key: value for key, value in change.items() if key in {"read", "write", "source"}}
        directories[directory.id] = replace_file(directory, msgspec.structs.replace(file, **new))
    fields = {key: value for key, value in raw.items() if key not in {"base", "changes"}}
    return source.build(CardLayout, fields, "", directories=tuple(directories.values()))


def replace_file(directory: DirectoryLayout, file: FileLayout) -> DirectoryLayout:
    """The directory with ``file`` in the place of the file of that identifier."""
    files = tuple(file if old.fid == file.fid else old for old in directory.files)
    return msgspec.structs.replace(directory, files=files)


def read_directory(source: Source, raw: Raw) -> DirectoryLayout:
    """A directory of a layout or extension file; without ``aid`` it is selected by its label in GBK."""
    place = str(raw.get("id", "directory without id"))
    if not re.fullmatch("SSSE|DF[0-9A-F]{2}", place):
        raise source.fail(place, "a directory is SSSE or DF01 to DFFF")
    fields = dict(raw)
    fields["aid"] = raw.get("aid") or _label_name(source, raw, place)
    if not re.fullmatch("([0-9A-F]{2})+", str(fields["aid"])):
        raise source.fail(place, "aid must be upper-case hexadecimal digits in pairs")
    origin = fields.pop("internal_from", None)
    internal = _origin(source, place, origin)[0].internal if origin else source.items(raw, place, "internal")
    files = tuple(_file(source, entry, place) for entry in source.tables(raw, "files", place))
    return source.build(DirectoryLayout, fields, place, files=files, internal=internal)


def _label_name(source: Source, raw: Raw, place: str) -> str:
    """Name for SELECT of an application without registered identifier: its label (V2 §5.1)."""
    label = raw.get("label")
    if not isinstance(label, str) or not label:
        raise source.fail(place, "needs an aid or a label")
    try:
        return label.encode("gbk").hex().upper()
    except UnicodeEncodeError as error:
        raise source.fail(place, f"label character {label[error.start]!r} is not in GBK") from error


def _file(source: Source, raw: Raw, directory: str) -> FileLayout:
    fields = dict(raw)
    origin = fields.pop("items_from", None)
    file = source.layout_file(fields, directory)
    if origin is None:
        return file
    _, original = _origin(source, f"{directory} {file.id}", origin)
    if original is None:
        raise source.fail(f"{directory} {file.id}", f"items_from {origin!r} names no file")
    return msgspec.structs.replace(file, items=original.items)


def _origin(source: Source, place: str, origin: str) -> tuple[DirectoryLayout, FileLayout | None]:
    """Directory and file that ``2.0/DF03/EF15`` or ``2.0/DF04`` names."""
    generation, _, path = origin.partition("/")
    directory_id, _, fid = path.partition("/")
    if generation in GENERATIONS:
        for directory in _generation(generation).directories:
            if directory.id == directory_id:
                return directory, next((file for file in directory.files if file.id == fid), None)
    raise source.fail(place, f"{origin!r} names nothing in another generation")
