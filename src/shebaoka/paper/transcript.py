"""The transcript of a key ceremony on paper: what was done, the check values, who signs.

The sheets say nothing of their own: every word comes with the :class:`TranscriptPaper`."""

from dataclasses import dataclass, field

from fpdf.fonts import FontFace

from shebaoka.paper.fonts import FontPaths
from shebaoka.paper.sheet import GRAY, HEIGHT, INK, LINE, PALE, SANS, SERIF, WIDTH, Sheet

_MARGIN = 20.0
_TEXT = WIDTH - 2 * _MARGIN
_GOOD, _BAD, _TEST = "#1d6b3a", "#a61b1b", "#8a5a00"
_SIGNATURE = 17.0  # height of a place to sign

Facts = tuple[tuple[str, str], ...]
"""Labels and values."""


@dataclass(frozen=True)
class Grid:
    """A table: heads, rows, and the share of the width of each column."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[int, ...]


@dataclass(frozen=True)
class PaperStep:
    """A step: title, time, and what was established in it."""

    title: str
    time: str
    facts: Facts = ()
    grid: Grid | None = None


@dataclass(frozen=True)
class TranscriptPaper:
    """A transcript ready to be printed. ``held``: whether the keys were stored; ``outcome`` says so in words;
    ``test``: what to print when it was no real ceremony; ``pages``: how a page is numbered, with ``{page}``
    and ``{pages}``; ``signatures``: role and name."""

    title: str
    number: str
    body: str
    outcome: str
    held: bool
    facts: Facts
    persons_title: str
    persons: Grid
    steps_title: str
    steps: tuple[PaperStep, ...]
    keys_title: str
    keys: Grid | None
    head_title: str
    head: str
    head_note: str
    signatures_title: str
    signatures: tuple[tuple[str, str], ...]
    signature_labels: tuple[str, str]
    pages: str
    test: str = ""
    fonts: FontPaths | None = field(default=None, repr=False)


def transcript_pdf(paper: TranscriptPaper) -> bytes:
    """The sheets as PDF, the same bytes for the same transcript. Raises FontError."""
    with _Pages(paper) as pages:
        pages.set_pages()
        return bytes(pages.output())


class _Pages(Sheet):
    def __init__(self, paper: TranscriptPaper) -> None:
        super().__init__(f"{paper.title} {paper.number}", _MARGIN, paper.fonts)
        self._paper = paper
        self.set_auto_page_break(True, margin=24)

    def header(self) -> None:
        """Body and number on every page."""
        paper = self._paper
        self.style(8.5, GRAY)
        self.at(_MARGIN, 13, paper.body)
        self.at(WIDTH - _MARGIN, 13, paper.number, right=True)
        if paper.test:
            self.style(8.5, _TEST)
            self.at(WIDTH / 2 - self.get_string_width(paper.test) / 2, 13, paper.test)
        self.rule(15.5)
        self.set_xy(_MARGIN, 20)

    def footer(self) -> None:
        """The head hash and the page on every page, so that no sheet can be exchanged."""
        self.rule(HEIGHT - 16)
        self.style(7.5, GRAY)
        self.at(_MARGIN, HEIGHT - 11.5, self._paper.head)
        text = self._paper.pages.format(page=self.page_no(), pages="{nb}")
        self.set_xy(WIDTH - _MARGIN - 50, HEIGHT - 14)
        self.cell(50, 4, text, align="R")

    def set_pages(self) -> None:
        paper = self._paper
        self.add_page()
        self.set_y(24)
        self.style(21, INK, SERIF, bold=True)
        self.flow(paper.title, 10)
        self._outcome()
        self._facts(paper.facts)
        self._heading(paper.persons_title)
        self._grid(paper.persons)
        self._heading(paper.steps_title)
        for number, step in enumerate(paper.steps, 1):
            self._step(number, step)
        if paper.keys is not None:
            self._heading(paper.keys_title)
            self._grid(paper.keys)
        self._end()

    def _outcome(self) -> None:
        color = _GOOD if self._paper.held else _BAD
        self.ln(2.5)
        top = self.get_y()
        self.set_fill_color(PALE)
        self.rect(_MARGIN, top, _TEXT, 10, style="F")
        self.set_fill_color(color)
        self.rect(_MARGIN, top, 1.6, 10, style="F")
        self.style(11, color, bold=True)
        self.at(_MARGIN + 5, top + 6.5, self._paper.outcome)
        self.set_xy(_MARGIN, top + 14)

    def _heading(self, text: str) -> None:
        if self.get_y() > HEIGHT - 62:
            self.add_page()
        self.ln(5)
        self.style(12.5, INK, bold=True)
        self.flow(text, 7)
        self.rule(self.get_y() + 0.3, INK, 0.35)
        self.set_y(self.get_y() + 2.5)

    def _facts(self, facts: Facts, left: float = _MARGIN, size: float = 9.5) -> None:
        for label, value in facts:
            self._room(7)
            top = self.get_y()
            self.style(size, GRAY)
            self.set_xy(left, top)
            self.check(label)
            self.cell(34, 5.4, label)
            self.style(size)
            self.set_xy(left + 34, top)
            self.flow(value, 5.4, WIDTH - _MARGIN - left - 34)

    def _grid(self, grid: Grid, left: float = _MARGIN) -> None:
        for row in (grid.heads, *grid.rows):
            self.check("".join(row))
        self.stroke(LINE, 0.15)
        self.set_fill_color("#ffffff")
        self.style(8.5)
        self.set_x(left)
        head = FontFace(family=SANS, size_pt=8.5, color=GRAY, fill_color=PALE)
        with self.table(
            width=WIDTH - _MARGIN - left,
            col_widths=grid.shares,
            align="RIGHT" if left > _MARGIN else "LEFT",
            text_align="LEFT",
            borders_layout="HORIZONTAL_LINES",
            headings_style=head,
            line_height=4.4,
            padding=(0.9, 1.2),
        ) as table:
            for row in (grid.heads, *grid.rows):
                table.row(row)
        self.ln(2)

    def _step(self, number: int, step: PaperStep) -> None:
        self._room(16 + 6 * len(step.facts))
        top = self.get_y() + 1.5
        self.set_fill_color(INK)
        self.circle(_MARGIN + 3, top + 3, 3, style="F")
        self.style(8.5, "#ffffff")
        self.at(_MARGIN + 3 - self.get_string_width(str(number)) / 2, top + 4.05, str(number))
        self.style(10.5, INK, bold=True)
        self.at(_MARGIN + 9, top + 4.3, step.title)
        self.style(8.5, GRAY)
        self.at(WIDTH - _MARGIN, top + 4.3, step.time, right=True)
        self.set_xy(_MARGIN, top + 7.5)
        self._facts(step.facts, _MARGIN + 9, 9)
        if step.grid is not None and step.grid.rows:
            self.ln(1)
            self._grid(step.grid, _MARGIN + 9)
        self.ln(1)

    def _end(self) -> None:
        paper = self._paper
        rows = (len(paper.signatures) + 1) // 2
        self._room(34 + rows * (_SIGNATURE + 3) + 22)
        self._heading(paper.head_title)
        top = self.get_y() + 1
        self.stroke(INK, 0.35)
        self.rect(_MARGIN, top, _TEXT, 15.5)
        groups = [paper.head[start : start + 8] for start in range(0, len(paper.head), 8)]
        self.style(13, bold=True)
        for place, group in enumerate(groups):
            x = _MARGIN + 10 + (place % 4) * (_TEXT - 12) / 4
            self.at(x, top + 6.4 + 6 * (place // 4), group)
        self.set_xy(_MARGIN, top + 17.5)
        self.style(8.5, GRAY)
        self.flow(paper.head_note, 4.6)
        self._heading(paper.signatures_title)
        self._signatures(self.get_y() + 1)

    def _signatures(self, top: float) -> None:
        wide = (_TEXT - 8) / 2
        sign, day = self._paper.signature_labels
        for place, (role, name) in enumerate(self._paper.signatures):
            x = _MARGIN + (place % 2) * (wide + 8)
            y = top + (place // 2) * (_SIGNATURE + 3)
            self.style(9, GRAY)
            self.at(x, y + 4, role)
            self.style(10, bold=True)
            self.at(x + wide, y + 4, name, right=True)
            self.stroke(INK, 0.25)
            self.line(x, y + _SIGNATURE - 3.5, x + wide * 0.62, y + _SIGNATURE - 3.5)
            self.line(x + wide * 0.68, y + _SIGNATURE - 3.5, x + wide, y + _SIGNATURE - 3.5)
            self.style(7, GRAY)
            self.at(x, y + _SIGNATURE, sign)
            self.at(x + wide * 0.68, y + _SIGNATURE, day)

    def _room(self, height: float) -> None:
        """A new page when less than ``height`` is left."""
        if self.get_y() + min(height, 200) > HEIGHT - 24:
            self.add_page()
