"""Card faces as PDF: one ID-1 page per side, fonts embedded as subsets, the same bytes for the same input."""

import io
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any, Literal

from fpdf import FPDF
from fpdf.enums import TextMode
from fpdf.pattern import LinearGradient

from shebaoka.paper.compose import compose, layers_for
from shebaoka.paper.face import CardFace, check_faces
from shebaoka.paper.fonts import MM_PER_POINT, Family, FontPaths
from shebaoka.paper.marks import Circle, Ground, Layer, Mark, Picture, Polygon, Rect, Side, Text
from shebaoka.paper.placement import Placement, standard_placement

_CREATED = datetime(2000, 1, 1, tzinfo=UTC)  # fixed: the same faces must give the same file


class UnprintableFaceError(ValueError):
    """A face with problems was sent to print; names the person's card and the first reason."""


class _Document(FPDF):
    def file_id(self) -> Literal[-1]:
        """No random identifier in the trailer."""
        return -1


def faces_pdf(
    faces: Iterable[CardFace],
    *,
    preview: bool = False,
    layers: frozenset[Layer] | None = None,
    fonts: FontPaths | None = None,
    placement: Placement | None = None,
) -> bytes:
    """Front and back of every face, one page each, 85.60 × 53.98 mm.

    ``preview`` shows chip module, hidden stripe and trim, which a print never does; ``layers`` chooses
    exactly (only PERSONAL for preprinted stock). Raises UnprintableFaceError for a face that
    :func:`~shebaoka.paper.face.check_faces` would hold: check first and print what is ready.
    """
    fonts, placement = fonts or FontPaths(), placement or standard_placement()
    layers = layers if layers is not None else layers_for(preview)
    card = placement.card
    pdf = _Document(unit="mm", format=(card.height, card.width), orientation="landscape")
    pdf.set_creation_date(_CREATED)
    pdf.set_producer("shebaoka")
    pdf.set_title("社会保障卡卡面")
    pdf.set_lang("zh-CN")
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    paths = dict.fromkeys(fonts.path(family) for family in Family)
    names = {path: f"face{number}" for number, path in enumerate(paths)}
    for path, name in names.items():
        pdf.add_font(name, fname=path)
    writer = _Writer(pdf, {family: names[fonts.path(family)] for family in Family})
    try:
        return _write(writer, faces, layers, fonts, placement)
    finally:
        for font in pdf.fonts.values():
            font.ttfont.close()  # type: ignore[union-attr]


def _write(
    writer: "_Writer",
    faces: Iterable[CardFace],
    layers: frozenset[Layer],
    fonts: FontPaths,
    placement: Placement,
) -> bytes:
    for face in faces:
        held = check_faces([face], fonts, placement).held
        if held:
            raise UnprintableFaceError(f"card {face.card_number}: {held[0].reasons[0]}")
        for side in Side:
            writer.pdf.add_page()
            for placed in compose(face, side, placement, fonts, layers):
                writer.draw(placed.mark)
    return bytes(writer.pdf.output())


class _Writer:
    def __init__(self, pdf: FPDF, names: Mapping[Family, str]) -> None:
        self.pdf: Any = pdf
        self._names = names

    def draw(self, mark: Mark) -> None:
        match mark:
            case Text():
                self._text(mark)
            case Rect():
                self._rect(mark)
            case Circle():
                self._stroke(mark.line, mark.line_width)
                self.pdf.circle(mark.x, mark.y, mark.radius, style=self._fill(mark.fill, mark.line))
            case Polygon():
                self._stroke(mark.line, mark.line_width)
                if mark.fill or _closed(mark):
                    self.pdf.polygon(mark.points, style=self._fill(mark.fill, mark.line))
                else:
                    self.pdf.polyline(mark.points)
            case Ground():
                run = LinearGradient(0, mark.y, 0, mark.y + mark.height, [mark.top, mark.bottom])
                with self.pdf.use_pattern(run):
                    self.pdf.rect(mark.x, mark.y, mark.width, mark.height, style="F")
            case Picture():
                self.pdf.image(io.BytesIO(mark.jpeg), mark.x, mark.y, mark.width, mark.height)

    def _text(self, mark: Text) -> None:
        pdf = self.pdf
        pdf.set_font(self._names[mark.family], size=mark.size)
        pdf.set_text_color(mark.color)
        pdf.set_char_spacing(mark.spacing / MM_PER_POINT)
        pdf.text_mode = TextMode.FILL_STROKE if mark.bold else TextMode.FILL
        if mark.bold:
            pdf.set_draw_color(mark.color)
            pdf.line_width = mark.bold * mark.size  # text() writes this number as points
        with pdf.rotation(mark.angle, mark.x, mark.y) if mark.angle else nullcontext():
            pdf.text(mark.x, mark.y, mark.text)
        if mark.bold:
            pdf.text_mode = TextMode.FILL
            pdf.set_line_width(0.1)
        pdf.set_char_spacing(0)

    def _rect(self, mark: Rect) -> None:
        self._stroke(mark.line, mark.line_width)
        if mark.dashed:
            self.pdf.set_dash_pattern(dash=1.0, gap=0.7)
        self.pdf.rect(
            mark.x,
            mark.y,
            mark.width,
            mark.height,
            style=self._fill(mark.fill, mark.line),
            round_corners=mark.radius > 0,
            corner_radius=mark.radius,
        )
        if mark.dashed:
            self.pdf.set_dash_pattern()

    def _stroke(self, color: str | None, width: float) -> None:
        if color:
            self.pdf.set_draw_color(color)
            self.pdf.set_line_width(width)

    def _fill(self, fill: str | None, line: str | None) -> str:
        if fill:
            self.pdf.set_fill_color(fill)
        return ("D" if line else "") + ("F" if fill else "")


def _closed(mark: Polygon) -> bool:
    return len(mark.points) <= 4
