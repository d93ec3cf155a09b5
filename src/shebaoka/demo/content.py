"""The content of a card as a table."""

from collections.abc import Iterable

from shebaoka.demo.report import Group, Table
from shebaoka.terminal.content import FileReading


def content_table(readings: Iterable[FileReading], caption: str) -> Table:
    """Decoded files: a group of rows for each, empty items left out."""
    groups = []
    for reading in readings:
        file = reading.file
        rows = []
        if reading.data:
            used = len(reading.data.rstrip(b"\x00"))
            rows.append(("", file.name.en, "", f"{used} of {len(reading.data)} bytes used"))
        for record in reading.records:
            for item in record.items:
                if shown := item.shown("en"):
                    tag = f"{item.item.tag:02X}" if item.item.tag else str(record.number)
                    rows.append((tag, item.item.name.en, item.item.name.zh, shown))
        title = f"{reading.directory} {file.id} {file.name.zh} {file.name.en} (read: {file.read})"
        groups.append(Group(title, tuple(rows) or (("", "nothing recorded", "", ""),)))
    return Table("What is on a card", ("Tag", "Item", "数据项", "Value"), tuple(groups), caption)
