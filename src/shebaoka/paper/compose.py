"""From a card face and the placement table to marks: one small function per kind of element."""

import math
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Protocol

from shebaoka.paper.drawings import emblem_place, ground, module, seal_ring, stripe
from shebaoka.paper.fonts import MM_PER_POINT, FontPaths
from shebaoka.paper.marks import PREVIEW, PRINTED, Layer, Mark, Picture, Placed, Polygon, Rect, Side, Text
from shebaoka.paper.photo import face_photo, open_photo
from shebaoka.paper.placement import Box, Element, Placement
from shebaoka.paper.setting import TooLongTextError, fit, width_mm

_CENTERED = 0.36  # baseline below the middle of a Chinese line, in em
_LABEL_GAP = 0.6  # mm between a label and the value below it


class ComposeError(ValueError):
    """A face cannot be laid out; names the element and why."""


class FaceValues(Protocol):
    """What the composer asks of a face; see :class:`shebaoka.paper.face.CardFace`."""

    @property
    def photo(self) -> bytes | None:
        """JPEG, PNG or BMP."""

    @property
    def media(self) -> str:
        """``contact``, ``dual`` or ``composite``."""


def compose(
    face: FaceValues,
    side: Side,
    placement: Placement,
    fonts: FontPaths,
    layers: frozenset[Layer] = PRINTED,
) -> list[Placed]:
    """The marks of one side, in drawing order, of the wanted layers. Raises ComposeError."""
    painter = _Painter(face, placement, fonts)
    placed = []
    for element in placement.elements(side):
        if element.layer in layers:
            try:
                marks = list(painter.paint(element))
            except TooLongTextError as error:
                raise ComposeError(f"{element.id}: {error}") from error
            placed += [Placed(element.id, element.layer, mark) for mark in marks]
    return placed


def layers_for(preview: bool) -> frozenset[Layer]:
    """The layers of a print, or of a preview."""
    return PREVIEW if preview else PRINTED


class _Painter:
    def __init__(self, face: FaceValues, placement: Placement, fonts: FontPaths) -> None:
        self.face, self.placement, self.fonts = face, placement, fonts
        self.colors = placement.colors
        self.kinds: dict[str, Callable[[Element, Box], Iterator[Mark]]] = {
            "ground": self._ground,
            "emblem": self._emblem,
            "title": self._title,
            "line": self._line,
            "bank": self._bank,
            "entry": self._entry,
            "stacked": self._stacked,
            "photo": self._photo,
            "seal": self._seal,
            "module": self._module,
            "stripe": self._stripe,
            "trim": self._trim,
        }

    def paint(self, element: Element) -> Iterator[Mark]:
        paint = self.kinds.get(element.kind)
        if paint is None:
            raise ComposeError(f"{element.id}: unknown kind {element.kind!r}")
        return paint(element, self.placement.box(element))

    def value(self, element: Element) -> str:
        return str(getattr(self.face, element.field)) if element.field else element.text

    def _text(self, element: Element, text: str, x: float, baseline: float, size: float) -> Text:
        color = self.colors[element.color]
        return Text(x, baseline, text, element.family, size, color, bold=element.bold)

    def _middle(self, box: Box, size: float) -> float:
        return box.y + box.height / 2 + _CENTERED * size * MM_PER_POINT

    def _ground(self, element: Element, box: Box) -> Iterator[Mark]:
        return ground(box, self.colors, waves=element.side is Side.FRONT)

    def _emblem(self, element: Element, box: Box) -> Iterator[Mark]:
        yield from emblem_place(box, self.colors)
        font = self.fonts.font(element.family)
        width = width_mm(font, element.text, element.size)
        yield self._text(
            element,
            element.text,
            box.x + (box.width - width) / 2,
            self._middle(box, element.size),
            element.size,
        )

    def _title(self, element: Element, box: Box) -> Iterator[Mark]:
        """Ink from the left to the right edge of the box, its lower edge on that of the box."""
        font, em = self.fonts.font(element.family), element.size * MM_PER_POINT
        left, bottom, right, _ = font.ink(element.text)
        gaps = max(len(element.text) - 1, 1)
        half_stroke = element.bold / 2
        spacing = (box.width - (right - left + 2 * half_stroke) * em) / gaps
        yield Text(
            box.x - (left - half_stroke) * em,
            box.bottom + (bottom - half_stroke) * em,
            element.text,
            element.family,
            element.size,
            self.colors[element.color],
            spacing=spacing,
            bold=element.bold,
        )

    def _line(self, element: Element, box: Box) -> Iterator[Mark]:
        fitted = fit(
            self.fonts.font(element.family), self.value(element), box.width, element.size, element.least
        )
        yield self._text(element, fitted.lines[0], box.x, self._middle(box, fitted.size), fitted.size)

    def _bank(self, element: Element, box: Box) -> Iterator[Mark]:
        name = self.value(element)
        if not name:
            return
        side, color = box.height, self.colors["bank"]
        cx, cy, r = box.x + side / 2, box.y + side / 2, side * 0.27
        yield Rect(box.x, box.y, side, side, fill=color, radius=side * 0.22)
        yield Polygon(
            ((cx, cy - r), (cx + r, cy), (cx, cy + r), (cx - r, cy)), line="#ffffff", line_width=0.45
        )
        room = Box(box.x + side + 1.4, box.y, box.width - side - 1.4, box.height)
        fitted = fit(self.fonts.font(element.family), name, room.width, element.size, element.least)
        yield self._text(element, fitted.lines[0], room.x, self._middle(room, fitted.size), fitted.size)

    def _entry(self, element: Element, box: Box) -> Iterator[Mark]:
        """A row: label at the left, value in its column; a wrapped value fills the row's height."""
        style = self.placement.entry
        width = box.right - style.value_left
        fitted = fit(
            self.fonts.font(element.family),
            self.value(element),
            width,
            element.size,
            element.least,
            element.lines,
        )
        slot = box.height / len(fitted.lines)
        baselines = [
            self._middle(Box(box.x, box.y + n * slot, box.width, slot), fitted.size)
            for n in range(len(fitted.lines))
        ]
        label_baseline = self._middle(Box(box.x, box.y, box.width, slot), style.label_size)
        yield Text(
            box.x, label_baseline, element.label, element.family, style.label_size, self.colors["label"]
        )
        for text, baseline in zip(fitted.lines, baselines, strict=True):
            yield self._text(element, text, style.value_left, baseline, fitted.size)

    def _stacked(self, element: Element, box: Box) -> Iterator[Mark]:
        """A small label above its value."""
        label_size = self.placement.entry.label_size
        label_height = label_size * MM_PER_POINT
        label_box = Box(box.x, box.y, box.width, label_height)
        value_top = box.y + label_height + _LABEL_GAP
        value_box = Box(box.x, value_top, box.width, box.bottom - value_top)
        font = self.fonts.font(element.family)
        fitted = fit(font, self.value(element), box.width, element.size, element.least)
        yield Text(
            box.x,
            self._middle(label_box, label_size),
            element.label,
            element.family,
            label_size,
            self.colors["label"],
        )
        yield self._text(element, fitted.lines[0], box.x, self._middle(value_box, fitted.size), fitted.size)

    def _photo(self, element: Element, box: Box) -> Iterator[Mark]:
        if self.face.photo is None:
            yield Rect(*box, fill="#ffffff", line=self.colors["frame"], line_width=0.15)
            return
        yield Picture(*box, jpeg=_printable(self.face.photo))
        yield Rect(*box, line=self.colors["frame"], line_width=0.1)

    def _seal(self, element: Element, box: Box) -> Iterator[Mark]:
        """Ring, the unit's name along its upper arc, 专用章 across (Part 1 table 4: radius 6 mm)."""
        text, color = self.value(element), self.colors[element.color]
        if not text:
            return
        font = self.fonts.font(element.family)
        cx, cy, radius = box.x + box.width / 2, box.y + box.height / 2, box.width / 2
        yield from seal_ring(cx, cy, radius, color)
        size = element.size
        while True:
            em = size * MM_PER_POINT
            track = radius - 0.75 - 0.86 * em
            step = min(em * 1.25 / track, math.radians(250) / max(len(text) - 1, 1))
            if step * track >= em * 0.98:
                break
            size = round(size - 0.1, 2)
            if size < element.least:
                raise TooLongTextError(f"{text!r} does not fit around the seal")
        for index, character in enumerate(text):
            angle = math.pi / 2 + step * (len(text) - 1) / 2 - step * index
            yield _on_arc(element, character, (cx, cy, track), angle, size, color, font.width(character))
        below = "专用章"
        width = width_mm(font, below, element.size)
        yield self._text(element, below, cx - width / 2, cy + radius * 0.62, element.size)

    def _module(self, element: Element, box: Box) -> Iterator[Mark]:
        return module(box, self.colors)

    def _stripe(self, element: Element, box: Box) -> Iterator[Mark]:
        if self.face.media != "composite":
            return
        yield from stripe(box, self.colors)
        font = self.fonts.font(element.family)
        width = width_mm(font, element.text, element.size)
        yield self._text(element, element.text, box.right - width - 1.2, box.bottom - 0.8, element.size)

    def _trim(self, element: Element, box: Box) -> Iterator[Mark]:
        radius = self.placement.card.radius
        yield Rect(*box, line=self.colors[element.color], line_width=0.15, radius=radius, dashed=True)


@lru_cache(maxsize=64)
def _printable(photo: bytes) -> bytes:
    """The photo as it is printed; checking and printing need it one after the other."""
    return face_photo(open_photo(photo))


def _on_arc(
    element: Element,
    character: str,
    circle: tuple[float, float, float],
    angle: float,
    size: float,
    color: str,
    advance: float,
) -> Text:
    """A character standing on a circle at ``angle`` (radians, counterclockwise from the right)."""
    cx, cy, track = circle
    half = advance * size * MM_PER_POINT / 2
    turn = angle - math.pi / 2
    x = cx + track * math.cos(angle) - half * math.cos(turn)
    y = cy - track * math.sin(angle) + half * math.sin(turn)
    return Text(x, y, character, element.family, size, color, angle=math.degrees(turn))
