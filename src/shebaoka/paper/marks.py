"""What a card face is made of before anything draws it: marks in millimetres from the top left corner.

The PDF and the PNG writer draw the same list, so that both show the same card.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from shebaoka.paper.fonts import Family

Color: TypeAlias = str  # "#rrggbb"


class Layer(StrEnum):
    """Who puts a mark on the card: the stock printer, the personalization, nobody (the chip module is milled
    in), or a preview that is never printed."""

    PREPRINT = "preprint"
    PERSONAL = "personal"
    MODULE = "module"
    OVERLAY = "overlay"


PRINTED = frozenset({Layer.PREPRINT, Layer.PERSONAL})
SHOWN = PRINTED | {Layer.MODULE}
PREVIEW = frozenset(Layer)


class Side(StrEnum):
    """Front (正面) and back (背面)."""

    FRONT = "front"
    BACK = "back"


@dataclass(frozen=True)
class Text:
    """One line of text: ``x`` of its start, ``y`` of its baseline, ``size`` in points, ``spacing`` extra
    millimetres after each character, ``bold`` stroke width in em, ``angle`` degrees counterclockwise."""

    x: float
    y: float
    text: str
    family: Family
    size: float
    color: Color
    spacing: float = 0.0
    bold: float = 0.0
    angle: float = 0.0


@dataclass(frozen=True)
class Rect:
    """A rectangle, filled or outlined, with corner ``radius``."""

    x: float
    y: float
    width: float
    height: float
    fill: Color | None = None
    line: Color | None = None
    line_width: float = 0.1
    radius: float = 0.0
    dashed: bool = False


@dataclass(frozen=True)
class Circle:
    """A circle around ``x``, ``y``."""

    x: float
    y: float
    radius: float
    fill: Color | None = None
    line: Color | None = None
    line_width: float = 0.1


@dataclass(frozen=True)
class Polygon:
    """Straight lines through ``points``; closed and filled when ``fill`` is set."""

    points: tuple[tuple[float, float], ...]
    fill: Color | None = None
    line: Color | None = None
    line_width: float = 0.1


@dataclass(frozen=True)
class Ground:
    """A vertical run from one color to another over a rectangle."""

    x: float
    y: float
    width: float
    height: float
    top: Color
    bottom: Color


@dataclass(frozen=True)
class Picture:
    """A JPEG picture stretched over a rectangle."""

    x: float
    y: float
    width: float
    height: float
    jpeg: bytes


Mark: TypeAlias = Text | Rect | Circle | Polygon | Ground | Picture


@dataclass(frozen=True)
class Placed:
    """A mark and the element of the placement table it belongs to."""

    element: str
    layer: Layer
    mark: Mark
