"""Decoded files as tables and as JSON."""

from collections.abc import Mapping
from typing import Any

from shebaoka.cli.output import console, print_table
from shebaoka.codec.display import Language
from shebaoka.terminal.content import FileReading, ItemReading
from shebaoka.terminal.errors import TerminalError

Found = Mapping[tuple[str, int], FileReading]
Failed = Mapping[tuple[str, int], TerminalError]


def as_table(found: Found, failed: Failed, language: Language) -> None:
    """One table a file, then what could not be read and why."""
    for (directory, fid), reading in found.items():
        name = reading.file.name.zh if language == "zh" else reading.file.name.en
        print_table(
            f"{directory}/{fid:04X} {name}", ("record", "tag", "item", "value"), _rows(reading, language)
        )
    for (directory, fid), error in failed.items():
        console().print(f"[bold]{directory}/{fid:04X}[/bold] not read: ", end="")
        console().print(error.line(language), markup=False)


def content(found: Found, language: Language) -> dict[str, Any]:
    """Files by name, each with its records; values as the codec gives them, bytes in hex."""
    return {f"{d}/{fid:04X}": _file(reading, language) for (d, fid), reading in found.items()}


def problems(failed: Failed) -> dict[str, str]:
    """Why files could not be read."""
    return {f"{d}/{fid:04X}": error.line() for (d, fid), error in failed.items()}


def _rows(reading: FileReading, language: Language) -> list[tuple[str, str, str, str]]:
    if reading.data:
        return [("", "", "", f"{len(reading.data)} bytes: {reading.data[:24].hex().upper()}…")]
    rows = []
    for record in reading.records:
        number = str(record.number)
        for item in record.items:
            rows.append((number, _tag(item), _name(item, language), item.shown(language)))
            number = ""
        if record.problem:
            rows.append((number, "", "", f"{record.raw.hex().upper()} ({record.problem})"))
    return rows


def _file(reading: FileReading, language: Language) -> dict[str, Any]:
    common: dict[str, Any] = {"name": reading.file.name.zh if language == "zh" else reading.file.name.en}
    if reading.data:
        return common | {"data": reading.data.hex().upper()}
    records = []
    for record in reading.records:
        items = [
            {"tag": _tag(i), "name": _name(i, language), "value": _plain(i.value), "shown": i.shown(language)}
            for i in record.items
        ]
        entry: dict[str, Any] = {"number": record.number, "items": items}
        records.append(entry | ({"problem": record.problem} if record.problem else {}))
    return common | {"records": records}


def _tag(item: ItemReading) -> str:
    return f"{item.item.tag:02X}" if item.item.tag else ""


def _name(item: ItemReading, language: Language) -> str:
    return item.item.name.zh if language == "zh" else item.item.name.en


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex().upper()
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    return value
