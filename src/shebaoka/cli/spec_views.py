"""Views of the specification: rows for a table, the same as JSON."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shebaoka.cli.output import pick, print_table
from shebaoka.codec.display import Language
from shebaoka.spec.codes import code_table, code_tables
from shebaoka.spec.keys import key_catalogue
from shebaoka.spec.layouts import card_layout
from shebaoka.spec.model import CardLayout, CodeTable, Item, KeyEntry
from shebaoka.spec.status_words import describe


@dataclass(frozen=True)
class View:
    """A table with a title."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def as_json(self) -> dict[str, Any]:
        """Title and one object a row."""
        keys = [column.replace(" ", "_") for column in self.columns]
        return {"title": self.title, "rows": [dict(zip(keys, row, strict=True)) for row in self.rows]}

    def print(self) -> None:
        """The table on the standard output."""
        print_table(self.title, self.columns, self.rows)


def find(
    subject: str, generation: str, extensions: tuple[Path, ...], annex: bool, language: Language
) -> View | None:
    """The view a subject names, or None."""
    layout = card_layout(generation, extensions, annex)
    keys = key_catalogue(generation, extensions, annex)
    word = subject.upper()
    if word == "LAYOUT":
        return _layout(layout, language)
    if word == "KEYS":
        return _keys(generation, keys, language)
    if word == "CODES":
        rows = tuple((t.id, pick(t.name, language), str(len(t.codes)), t.source) for t in code_tables())
        return View("Code tables", ("id", "name", "codes", "source"), rows)
    if re.fullmatch(r"(SSSE|DF[0-9A-F]{2})/?EF[0-9A-F]{2}", word):
        return _file(layout, word, language)
    if any(key.name == word for key in keys):
        return _keys(generation, tuple(key for key in keys if key.name == word), language)
    if re.fullmatch(r"[0-9A-F]{4}", word) and word[:1] in "69":
        return _status(int(word, 16))
    try:
        return _codes(code_table(subject), language)
    except (KeyError, ValueError):
        return None


def _layout(layout: CardLayout, language: Language) -> View:
    rows = [
        (
            directory.id,
            file.id,
            pick(file.name, language),
            file.structure.value,
            file.read,
            file.write,
            file.kind.value,
            str(len(file.items) or file.size),
        )
        for directory in layout.directories
        for file in directory.files
    ]
    columns = ("directory", "file", "name", "structure", "read", "write", "class", "items or bytes")
    return View(f"Card {layout.id}, version {layout.version}", columns, tuple(rows))


def _file(layout: CardLayout, word: str, language: Language) -> View | None:
    directory, fid = word[:4], int(word[-4:], 16)
    try:
        file = layout.directory(directory).file(fid)
    except KeyError:
        return None
    if file is None:
        return None
    title = (
        f"{directory}/{file.id} {file.name.zh} {file.name.en}: read {file.read}, write {file.write} "
        f"({file.source})"
    )
    columns = ("tag", "name", "type", "length", "count", "codes")
    return View(title, columns, tuple(row for item in file.items for row in _item(item, language)))


def _item(item: Item, language: Language, indent: str = "") -> list[tuple[str, ...]]:
    tag = f"{indent}{item.tag:02X}" if item.tag else indent
    name = pick(item.name, language)
    row = (tag, name, item.type.value, f"{item.length:02X}h", str(item.count), item.codes or "")
    return [row, *(inner for child in item.children for inner in _item(child, language, indent + "  "))]


def _keys(generation: str, keys: tuple[KeyEntry, ...], language: Language) -> View:
    rows = tuple(
        (
            key.name,
            key.directory,
            key.role.value,
            "" if key.identifier is None else f"{key.identifier:02X}",
            str(key.length),
            str(key.versions),
            key.scope.value,
            ""
            if key.psam_type is None or key.psam_id is None
            else f"2{key.psam_type:X}/4{key.psam_type:X}/6{key.psam_type:X} {key.psam_id:02X}",
            pick(key.use, language),
        )
        for key in keys
    )
    columns = ("key", "directory", "role", "id", "bytes", "versions", "scope", "PSAM", "use")
    return View(f"Keys of a {generation} card", columns, rows)


def _codes(table: CodeTable, language: Language) -> View:
    rows = tuple((code, text.zh, text.en) for code, text in table.codes.items())
    return View(f"{pick(table.name, language)} ({table.source})", ("code", "zh", "en"), rows)


def _status(word: int) -> View:
    entry = describe(word)
    row = (f"{word:04X}", entry.name, entry.meaning.zh, entry.meaning.en, entry.source)
    return View("Status word", ("code", "name", "zh", "en", "source"), (row,))
