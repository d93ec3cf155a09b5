"""A4 sheets with Chinese text: fonts, measures and the same bytes for the same content."""

from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Literal, Self

from fpdf import FPDF
from fpdf.enums import TextMode

from shebaoka.paper.fonts import Family, FontError, FontPaths

WIDTH, HEIGHT = 210.0, 297.0
SANS, SERIF = "sans", "serif"
INK, GRAY, LINE, PALE = "#1a1a1a", "#666666", "#b8b8b8", "#f1f3f5"

_CREATED = datetime(2000, 1, 1, tzinfo=UTC)  # fixed: the same content must give the same file
_BOLD = 0.028  # of the size


class Sheet(FPDF):
    """A document of A4 pages in millimetres; a context manager that gives the font files back."""

    def __init__(self, title: str, margin: float, fonts: FontPaths | None = None) -> None:
        super().__init__(unit="mm", format="A4")
        self._bold = False
        self._color = INK
        self._paths = fonts or FontPaths()
        self.set_creation_date(_CREATED)
        self.set_producer("shebaoka")
        self.set_title(title)
        self.set_lang("zh-CN")
        self.set_margin(margin)
        self.c_margin = 0
        self.add_font(SANS, fname=self._paths.path(Family.SANS))
        self.add_font(SERIF, fname=self._paths.path(Family.SERIF))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for font in self.fonts.values():
            font.ttfont.close()  # type: ignore[union-attr]

    def file_id(self) -> Literal[-1]:
        """No random identifier in the trailer."""
        return -1

    def style(self, size: float, color: str = INK, family: str = SANS, *, bold: bool = False) -> None:
        """What the next text is set in; ``size`` in points."""
        self.set_font(family, size=size)
        self.set_text_color(color)
        self._bold = bold
        self._color = color

    def at(self, x: float, y: float, text: str, *, right: bool = False) -> None:
        """A line of text from ``x`` (or up to it), its baseline at ``y``."""
        self.check(text)
        with self._weight():
            self.text(x - self.get_string_width(text) if right else x, y, text)

    def flow(self, text: str, height: float, width: float = 0, **more: Any) -> None:
        """Wrapped text from the left margin, or where the pen is; the pen goes below it."""
        self.check(text)
        with self._weight():
            self.multi_cell(width, height, text, align="L", new_x="LMARGIN", new_y="NEXT", **more)

    def rule(self, y: float, color: str = LINE, width: float = 0.2) -> None:
        """A line over the width of the text."""
        self.stroke(color, width)
        self.line(self.l_margin, y, WIDTH - self.r_margin, y)

    def stroke(self, color: str, width: float = 0.2) -> None:
        """What the next lines are drawn with."""
        self.set_draw_color(color)
        self.set_line_width(width)

    def _weight(self) -> AbstractContextManager[object]:
        """Bold is drawn as an outline around the letters, inside a state of its own."""
        if not self._bold:
            return nullcontext()
        width = self.font_size_pt * _BOLD  # text takes this number as points
        return self.local_context(text_mode=TextMode.FILL_STROKE, draw_color=self._color, line_width=width)

    def check(self, text: str) -> None:
        """Raises FontError naming a character that the font cannot write."""
        missing = self._paths.font(Family.SANS).missing(text.replace("\n", ""))
        if missing:
            raise FontError(
                f"the font has no {missing[0]!r}: set SHEBAOKA_FONT_SANS to a font that can write it"
            )
