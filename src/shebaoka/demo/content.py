"""The content of a card: every item for the report, a line a file for the screen."""

from collections.abc import Iterator
from dataclasses import dataclass

from shebaoka.demo.report import Group, Table
from shebaoka.terminal.content import FileReading

_NOTHING = "–"


@dataclass(frozen=True)
class CardContent:
    """What was read from the card with this number."""

    card_number: str
    readings: tuple[FileReading, ...]


def content_table(content: CardContent) -> Table:
    """Decoded files: a group of rows for each, empty items left out."""
    groups = []
    for reading in content.readings:
        file = reading.file
        rows = [("", file.name.en, "", _used(reading.data))] if reading.data else []
        for record in reading.records:
            for item in record.items:
                if shown := item.shown("en"):
                    tag = f"{item.item.tag:02X}" if item.item.tag else str(record.number)
                    rows.append((tag, item.item.name.en, item.item.name.zh, shown))
        title = f"{reading.directory} {file.id} {file.name.zh} {file.name.en} (read: {file.read})"
        groups.append(Group(title, tuple(rows) or (("", "nothing recorded", "", ""),)))
    caption = f"Card {content.card_number}, read with PIN and keys"
    return Table("What is on a card", ("Tag", "Item", "数据项", "Value"), tuple(groups), caption)


def overview(content: CardContent) -> Iterator[tuple[str, str, str]]:
    """A line a file: its place, its name, its values one after the other."""
    for reading in content.readings:
        values = [shown for item in reading.items() if (shown := item.shown("en"))]
        if reading.data:
            values = [_used(reading.data)] if any(reading.data) else []
        yield f"{reading.directory}/{reading.file.id}", reading.file.name.en, "; ".join(values) or _NOTHING


def _used(data: bytes) -> str:
    return f"{len(data.rstrip(bytes(1)))} of {len(data)} bytes used"
