"""Decoded files as tables and as JSON."""

from collections.abc import Mapping
from typing import Any

from shebaoka.cli.output import console, pick, print_table
from shebaoka.codec.display import Language, show_bytes
from shebaoka.spec.model import Text
from shebaoka.terminal.content import FileReading, ItemReading
from shebaoka.terminal.errors import TerminalError

Found = Mapping[tuple[str, int], FileReading]
Failed = Mapping[tuple[str, int], TerminalError]

_COLUMNS = (Text("记录", "record"), Text("标识", "tag"), Text("数据项", "item"), Text("值", "value"))
_NOT_READ = Text("未读出", "not read")


def as_table(found: Found, failed: Failed, language: Language) -> None:
    """One table a file, then what could not be read and why."""
    columns = [pick(column, language) for column in _COLUMNS]
    for (directory, fid), reading in found.items():
        title = f"{directory}/{fid:04X} {pick(reading.file.name, language)}"
        print_table(title, columns, _rows(reading, language))
    for (directory, fid), error in failed.items():
        console().print(f"[bold]{directory}/{fid:04X}[/bold] {pick(_NOT_READ, language)}: ", end="")
        console().print(error.line(language), markup=False)


def content(found: Found, language: Language) -> dict[str, Any]:
    """Files by name, each with its records; values as the codec gives them, bytes in hex."""
    return {f"{d}/{fid:04X}": _file(reading, language) for (d, fid), reading in found.items()}


def problems(failed: Failed, language: Language) -> dict[str, str]:
    """Why files could not be read."""
    return {f"{d}/{fid:04X}": error.line(language) for (d, fid), error in failed.items()}


def _rows(reading: FileReading, language: Language) -> list[tuple[str, str, str, str]]:
    if reading.data:
        return [("", "", "", show_bytes(reading.data))]
    rows = []
    for record in reading.records:
        number = str(record.number)
        for item in record.items:
            rows.append((number, _tag(item), pick(item.item.name, language), item.shown(language)))
            number = ""
        if record.problem:
            rows.append((number, "", "", f"{record.raw.hex().upper()} ({record.problem})"))
    return rows


def _file(reading: FileReading, language: Language) -> dict[str, Any]:
    common: dict[str, Any] = {"name": pick(reading.file.name, language)}
    if reading.data:
        return common | {"data": reading.data.hex().upper()}
    records = []
    for record in reading.records:
        items = [
            {
                "tag": _tag(item),
                "name": pick(item.item.name, language),
                "value": _plain(item.value),
                "shown": item.shown(language),
            }
            for item in record.items
        ]
        entry: dict[str, Any] = {"number": record.number, "items": items}
        records.append(entry | ({"problem": record.problem} if record.problem else {}))
    return common | {"records": records}


def _tag(item: ItemReading) -> str:
    return f"{item.item.tag:02X}" if item.item.tag else ""


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex().upper()
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    return value
