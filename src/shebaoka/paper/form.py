"""Official forms, letters and rules on paper: sections of facts, tables, paragraphs and places to sign.

The sheets say nothing of their own: every word comes with the :class:`FormPaper`. A form of this house whose
official number is not public has an empty place for it."""

from dataclasses import dataclass, field

from fpdf.fonts import FontFace

from shebaoka.paper.fonts import FontPaths
from shebaoka.paper.sheet import GRAY, HEIGHT, INK, LINE, PALE, SANS, SERIF, WIDTH, Sheet
from shebaoka.paper.transcript import Facts, Grid

_MARGIN = 22.0
_TEXT = WIDTH - 2 * _MARGIN
_LABEL = 34.0
_SIGNATURE = 19.0  # height of a place to sign
_PLACE = 46.0  # width of the place for the official number
_INDENT = "　　"


@dataclass(frozen=True)
class Section:
    """A part of a form, in this order: title, facts, table, paragraphs, places to sign (role and name), lines
    at the right that end a letter. ``pairs``: two facts a line."""

    title: str = ""
    facts: Facts = ()
    pairs: bool = False
    grid: Grid | None = None
    text: tuple[str, ...] = ()
    signatures: tuple[tuple[str, str], ...] = ()
    closing: tuple[str, ...] = ()


@dataclass(frozen=True)
class FormPaper:
    """A form ready to be printed. ``body``, ``number`` and ``foot`` (a check sum, say) stand on every page;
    ``attachment``: the words before the empty place for the official number, none without it;
    ``signature_labels``: under the places to sign and for the day; ``pages`` with ``{page}``, ``{pages}``;
    ``mark``: what stands above the title, as a secrecy level or a warning that it is a test."""

    title: str
    number: str
    body: str
    sections: tuple[Section, ...]
    attachment: str = ""
    mark: str = ""
    foot: str = ""
    signature_labels: tuple[str, str] = ("签字", "日期")
    pages: str = "第{page}页，共{pages}页"
    fonts: FontPaths | None = field(default=None, repr=False)


def form_pdf(paper: FormPaper) -> bytes:
    """The sheets as PDF, the same bytes for the same form. Raises FontError for what no font can write."""
    with _Pages(paper) as pages:
        pages.set_pages()
        return bytes(pages.output())


class _Pages(Sheet):
    def __init__(self, paper: FormPaper) -> None:
        super().__init__(f"{paper.title} {paper.number}", _MARGIN, paper.fonts)
        self._paper = paper
        self.set_auto_page_break(True, margin=24)

    def header(self) -> None:
        """Body and number on every page."""
        self.style(8.5, GRAY)
        self.at(_MARGIN, 13, self._paper.body)
        self.at(WIDTH - _MARGIN, 13, self._paper.number, right=True)
        self.rule(15.5)
        self.set_xy(_MARGIN, 20)

    def footer(self) -> None:
        """What tells this paper from others, and the page."""
        self.rule(HEIGHT - 16)
        self.style(7.5, GRAY)
        self.at(_MARGIN, HEIGHT - 11.5, self._paper.foot)
        text = self._paper.pages.format(page=self.page_no(), pages="{nb}")
        self.set_xy(WIDTH - _MARGIN - 50, HEIGHT - 14)
        self.cell(50, 4, text, align="R")

    def set_pages(self) -> None:
        paper = self._paper
        self.add_page()
        if paper.mark:
            self.style(12, INK, bold=True)
            self.at(_MARGIN, 24, paper.mark)
        if paper.attachment:
            self._attachment(paper.attachment)
        self.set_y(30 if paper.mark or paper.attachment else 26)
        self.style(19, INK, SERIF, bold=True)
        self.check(paper.title)
        with self._weight():
            self.multi_cell(0, 10, paper.title, align="C", new_x="LMARGIN", new_y="NEXT")
        self.ln(3)
        for section in paper.sections:
            self._section(section)

    def _attachment(self, label: str) -> None:
        self.style(8.5, GRAY)
        x = WIDTH - _MARGIN - _PLACE
        self.at(x - 2, 24, label, right=True)
        self.stroke(LINE)
        self.rect(x, 19, _PLACE, 7.5)

    def _section(self, section: Section) -> None:
        if section.title:
            if self.get_y() > HEIGHT - 52:
                self.add_page()
            self.ln(3.5)
            self.style(12, INK, bold=True)
            self.flow(section.title, 7)
            self.ln(0.5)
        if section.facts:
            self._facts(section.facts, section.pairs)
        if section.grid is not None:
            self._grid(section.grid)
        self._paragraphs(section.text)
        if section.signatures:
            self.ln(2)
            self._signatures(section.signatures)
        if section.closing:
            self._closing(section.closing)

    def _facts(self, facts: Facts, pairs: bool) -> None:
        per_row = 2 if pairs else 1
        value = (_TEXT - per_row * _LABEL) / per_row
        for label, text in facts:
            self.check(label + text)
        self.style(9.5)
        self.stroke(LINE, 0.2)
        name = FontFace(family=SANS, size_pt=9, color=GRAY, fill_color=PALE)
        with self.table(
            width=_TEXT,
            col_widths=(_LABEL, value) * per_row,
            text_align="LEFT",
            first_row_as_headings=False,
            line_height=5.2,
            padding=(1.2, 1.8),
        ) as table:
            for start in range(0, len(facts), per_row):
                row = table.row()
                part = facts[start : start + per_row]
                for label, text in part:
                    row.cell(label, style=name)
                    row.cell(text)
                for _missing in range(per_row - len(part)):
                    row.cell("", style=name)
                    row.cell("")
        self.ln(2)

    def _grid(self, grid: Grid) -> None:
        for each in (grid.heads, *grid.rows):
            self.check("".join(each))
        self.stroke(LINE, 0.2)
        self.style(9)
        head = FontFace(family=SANS, size_pt=9, color=GRAY, fill_color=PALE)
        with self.table(
            width=_TEXT,
            col_widths=grid.shares,
            text_align="LEFT",
            headings_style=head,
            line_height=5,
            padding=(1.1, 1.5),
        ) as table:
            for each in (grid.heads, *grid.rows):
                table.row(each)
        self.ln(2)

    def _paragraphs(self, lines: tuple[str, ...]) -> None:
        for line in lines:
            if line.startswith("# "):
                self._section(Section(line[2:]))
                continue
            self.style(11, INK, SERIF)
            # between words a long line would be broken after its indent
            self.flow(f"{_INDENT}{line}" if line else "", 6.8, wrapmode="CHAR")
            self.ln(0.8)

    def _signatures(self, places: tuple[tuple[str, str], ...]) -> None:
        wide = (_TEXT - 8) / 2
        sign, day = self._paper.signature_labels
        for first in range(0, len(places), 2):
            if self.get_y() + _SIGNATURE + 3 > HEIGHT - 24:
                self.add_page()
            top = self.get_y() + 1
            for place, (role, name) in enumerate(places[first : first + 2]):
                x = _MARGIN + place * (wide + 8)
                self.style(9, GRAY)
                self.at(x, top + 4, role)
                self.style(10, bold=True)
                self.at(x + wide, top + 4, name, right=True)
                self.stroke(INK, 0.25)
                self.line(x, top + _SIGNATURE - 4, x + wide * 0.62, top + _SIGNATURE - 4)
                self.line(x + wide * 0.68, top + _SIGNATURE - 4, x + wide, top + _SIGNATURE - 4)
                self.style(7, GRAY)
                self.at(x, top + _SIGNATURE - 0.5, sign)
                self.at(x + wide * 0.68, top + _SIGNATURE - 0.5, day)
            self.set_xy(_MARGIN, top + _SIGNATURE + 2)

    def _closing(self, lines: tuple[str, ...]) -> None:
        if self.get_y() + 12 + 7 * len(lines) > HEIGHT - 24:
            self.add_page()
        self.ln(9)
        self.style(11, INK, SERIF)
        for line in lines:
            self.at(WIDTH - _MARGIN - 6, self.get_y() + 4, line, right=True)
            self.ln(7)
