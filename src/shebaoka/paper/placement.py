"""The placement table of the card face (``data/face.toml``): elements with place, type and source."""

from functools import cache
from importlib.resources import files
from typing import NamedTuple

import msgspec

from shebaoka.paper.fonts import Family
from shebaoka.paper.marks import Layer, Side


class PlacementError(ValueError):
    """The placement table contradicts itself; names the element."""


class Box(NamedTuple):
    """A rectangle in millimetres from the top left corner of the card."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return self.y + self.height

    def overlaps(self, other: "Box") -> bool:
        """Whether the two have more than an edge in common (tolerance 0.01 mm)."""
        return (
            self.x < other.right - 0.01
            and other.x < self.right - 0.01
            and self.y < other.bottom - 0.01
            and other.y < self.bottom - 0.01
        )


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Card outline in millimetres (Part 1 table 1)."""

    width: float
    height: float
    radius: float
    source: str


class EntryStyle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the rows of the basic information are set: where values begin (mm), label size (points)."""

    value_left: float
    label_size: float
    source: str


class Element(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An element of a side. ``size`` points, shrunk down to ``least``, then wrapped to ``lines`` lines.

    ``field`` names what of :class:`~shebaoka.paper.face.CardFace` it shows; ``text`` is fixed instead.
    """

    id: str
    side: Side
    layer: Layer
    kind: str
    source: str
    left: float | None = None
    right: float | None = None
    reach: float | None = None
    center: float | None = None
    width: float | None = None
    top: float | None = None
    bottom: float | None = None
    rise: float | None = None
    height: float | None = None
    family: Family = Family.SANS
    size: float = 0.0
    least: float = 0.0
    lines: int = 1
    bold: float = 0.0
    label: str = ""
    field: str = ""
    text: str = ""
    color: str = "ink"


class Placement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole table."""

    card: Card
    element: tuple[Element, ...]
    entry: EntryStyle
    colors: dict[str, str]

    def elements(self, side: Side) -> tuple[Element, ...]:
        """The elements of a side in drawing order."""
        return tuple(e for e in self.element if e.side is side)

    def find(self, id_: str) -> Element:
        """An element by id. Raises KeyError."""
        for element in self.element:
            if element.id == id_:
                return element
        raise KeyError(id_)

    def box(self, element: Element) -> Box:
        """Where an element lies. Raises PlacementError unless exactly two distances of each row fix it."""
        x, width = self._across(element)
        y, height = self._down(element)
        if width <= 0 or height <= 0:
            raise PlacementError(f"card face element {element.id}: no extent ({width:.2f} x {height:.2f} mm)")
        return Box(x, y, width, height)

    def _across(self, e: Element) -> tuple[float, float]:
        right = self.card.width - e.right if e.right is not None else e.reach
        match (e.left, right, e.center, e.width):
            case (float(left), float(end), None, None):
                return left, end - left
            case (float(left), None, None, float(width)):
                return left, width
            case (None, float(end), None, float(width)):
                return end - width, width
            case (None, None, float(center), float(width)):
                return center - width / 2, width
        raise PlacementError(f"card face element {e.id}: give two of left, right or reach, center, width")

    def _down(self, e: Element) -> tuple[float, float]:
        top = self.card.height - e.rise if e.rise is not None else e.top
        bottom = self.card.height - e.bottom if e.bottom is not None else None
        match (top, bottom, e.height):
            case (float(start), float(end), None):
                return start, end - start
            case (float(start), None, float(height)):
                return start, height
            case (None, float(end), float(height)):
                return end - height, height
        raise PlacementError(f"card face element {e.id}: give two of top or rise, bottom, height")


@cache
def standard_placement() -> Placement:
    """The table shipped with the package."""
    text = files("shebaoka.paper").joinpath("data", "face.toml").read_text("utf-8")
    return msgspec.toml.decode(text, type=Placement)
