"""Charts that are tables: every line has its number in words and a bar beside it.

The bar is static SVG of attributes only (the content security policy allows neither inline style nor script),
hidden from who hears the page, since the table says the same; it prints, follows light and dark, and grows
with the text."""

from collections.abc import Sequence
from dataclasses import dataclass

from shebaoka.office.base.pieces import Piece, Say, Tone


@dataclass(frozen=True)
class Part:
    """A stretch of a bar. Its tone only adds to the number in the table."""

    count: int
    tone: Tone = "plain"


@dataclass(frozen=True)
class Line:
    """A line of a chart: its name (a text or piece), its numbers from left to right, and a remark."""

    name: object
    parts: Sequence[Part]
    remark: object = ""

    @property
    def total(self) -> int:
        """All parts together."""
        return sum(each.count for each in self.parts)


@dataclass(frozen=True)
class Stretch:
    """Where a part stands, in thousandths of the chart's width."""

    start: int
    length: int
    tone: Tone


@dataclass(frozen=True)
class Chart(Piece):
    """Bars under each other, on one scale. ``heads``: names of the parts, one for each part of every line;
    ``share``: the percentage of all lines is written too; ``remarks``: head of a last column. ``empty`` is
    said in place of a chart without lines."""

    template = "base/pieces/chart.html"
    caption: Say
    name: Say
    heads: Sequence[Say]
    lines: Sequence[Line]
    empty: Say = ""
    share: bool = False
    remarks: Say = ""

    @property
    def drawn(self) -> list[tuple[Line, list[Stretch], str]]:
        """Each line with the stretches of its bar and its share. Raises ValueError for a line that has
        another number of parts than the chart has heads."""
        longest = max((line.total for line in self.lines), default=0) or 1
        whole = sum(line.total for line in self.lines) or 1
        found = []
        for line in self.lines:
            if len(line.parts) != len(self.heads):
                raise ValueError(f"{line.name}: {len(line.parts)} parts under {len(self.heads)} heads")
            found.append((line, _stretches(line, longest), f"{line.total * 100 / whole:.1f} %"))
        return found


def _stretches(line: Line, longest: int) -> list[Stretch]:
    made, before = [], 0
    for part in line.parts:
        start, end = before * 1000 // longest, (before + part.count) * 1000 // longest
        if part.count:  # one of a million is seen too
            made.append(Stretch(start, max(end - start, 4), part.tone))
        before += part.count
    return made
