"""Drawn parts of the card face without personal data: ground, emblem place, seal ring, chip module, stripe.

The national emblem itself is not reproduced, as the law reserves its use: a neutral ring marks its place.
"""

import math
from collections.abc import Iterator, Mapping

from shebaoka.paper.marks import Circle, Ground, Mark, Polygon, Rect
from shebaoka.paper.placement import Box

# ISO/IEC 7816-2: left edges of the two columns of contacts and upper edges of their four rows, mm from the
# card's edges; a contact is at least 2.0 x 1.7 mm.
_CONTACT_COLUMNS = (10.25, 17.87)
_CONTACT_ROWS = (19.23, 21.77, 24.31, 26.85)
_CONTACT_SIZE = (2.0, 1.7)


def ground(box: Box, colors: Mapping[str, str], *, waves: bool) -> Iterator[Mark]:
    """Blue running from light to deeper; on the front with a few lines of water."""
    if waves:
        yield Ground(*box, top=colors["ground-top"], bottom=colors["ground-bottom"])
        for line in range(7):
            yield _wave(box, box.y + box.height * (0.60 + 0.058 * line), line, colors["wave"])
        return
    yield Ground(*box, top="#ffffff", bottom=colors["ground-top"])


def emblem_place(box: Box, colors: Mapping[str, str]) -> Iterator[Mark]:
    """A ring where the national emblem goes; its text is set by the composer."""
    cx, cy, radius = box.x + box.width / 2, box.y + box.height / 2, box.height / 2
    yield Circle(cx, cy, radius - 0.15, fill=colors["emblem-ground"], line=colors["emblem"], line_width=0.3)
    yield Circle(cx, cy, radius - 0.95, line=colors["emblem"], line_width=0.1)


def seal_ring(x: float, y: float, radius: float, color: str) -> Iterator[Mark]:
    """The ring of a round seal and the small lozenge in its middle; ``radius`` is the outer edge."""
    yield Circle(x, y, radius - 0.2, line=color, line_width=0.4)
    size = radius * 0.2
    points = tuple(
        (x + size * math.sin(turn) * reach, y - size * math.cos(turn) * reach)
        for turn, reach in ((0.0, 1.25), (math.pi / 2, 0.8), (math.pi, 1.25), (3 * math.pi / 2, 0.8))
    )
    yield Polygon(points, fill=color)


def module(box: Box, colors: Mapping[str, str]) -> Iterator[Mark]:
    """The chip module with its eight contacts, for pictures of a card; not printed."""
    line = colors["module-line"]
    yield Rect(*box, fill=colors["module"], line=line, line_width=0.12, radius=2.0)
    width, height = _CONTACT_SIZE
    for x in _CONTACT_COLUMNS:
        for y in _CONTACT_ROWS:
            yield Rect(x, y, width, height, line=line, line_width=0.1, radius=0.35)
    middle = Box(_CONTACT_COLUMNS[0] + width + 0.7, box.y + 1.1, 0.0, box.height - 2.2)
    inner = _CONTACT_COLUMNS[1] - 0.7 - middle.x
    yield Rect(middle.x, middle.y, inner, middle.height, line=line, line_width=0.1, radius=1.2)


def stripe(box: Box, colors: Mapping[str, str]) -> Iterator[Mark]:
    """Where the hidden magnetic stripe lies."""
    yield Rect(*box, line=colors["overlay"], line_width=0.15, dashed=True)


def _wave(box: Box, y: float, line: int, color: str) -> Polygon:
    steps = 120
    points = []
    for step in range(steps + 1):
        share = step / steps
        height = 1.6 * math.sin(2 * math.pi * (share * 1.5 + line * 0.07)) + 0.9 * math.sin(
            2 * math.pi * (share * 2.6 - line * 0.11)
        )
        points.append((box.x + box.width * share, y + height))
    return Polygon(tuple(points), line=color, line_width=0.12)
