"""The placement table against the numbers of Part 1, and against itself."""

import itertools

import msgspec
import pytest

from paper.faces import long_named, ordinary
from shebaoka.paper.compose import compose
from shebaoka.paper.fonts import MM_PER_POINT, Family, FontPaths
from shebaoka.paper.marks import PREVIEW, PRINTED, Layer, Side, Text
from shebaoka.paper.placement import Box, Element, PlacementError, standard_placement

TABLE = standard_placement()
FONTS = FontPaths()


def box(id_: str) -> Box:
    return TABLE.box(TABLE.find(id_))


def test_card_size_of_table_1() -> None:
    assert (TABLE.card.width, TABLE.card.height, TABLE.card.radius) == (85.60, 53.98, 3.18)


def test_front_of_table_2() -> None:
    emblem = box("emblem")
    assert emblem.x + emblem.width / 2 == pytest.approx(42.80)
    assert 53.98 - emblem.y == pytest.approx(46.00)
    assert 53.98 - emblem.bottom == pytest.approx(27.00)
    assert (box("country").x, 53.98 - box("country").bottom) == pytest.approx((26.00, 20.00))
    assert (box("card-name").x, 53.98 - box("card-name").bottom) == pytest.approx((20.00, 10.00))
    stripe = box("stripe")
    assert (stripe.x, stripe.right, 53.98 - stripe.y, 53.98 - stripe.bottom) == pytest.approx(
        (2.92, 82.55, 15.95, 5.54)
    )


def test_back_of_table_4() -> None:
    photo, seal = box("photo"), box("seal")
    assert (photo.width, photo.height, 85.60 - photo.right, photo.y) == pytest.approx((20, 25, 4, 3))
    assert (seal.width / 2, 53.98 - seal.bottom, 85.60 - seal.right) == pytest.approx((6, 3, 8))
    assert (box("name").x, box("name").y) == pytest.approx((24.00, 24.00))


@pytest.mark.parametrize(
    ("id_", "left", "bottom", "points"), [("country", 26, 20, 14), ("card-name", 20, 10, 22)]
)
def test_ink_of_the_titles_touches_the_edges_of_table_2(
    id_: str, left: float, bottom: float, points: float
) -> None:
    marks = [p.mark for p in compose(ordinary(), Side.FRONT, TABLE, FONTS) if p.element == id_]
    (title,) = marks
    assert isinstance(title, Text)
    assert title.size == points
    em = title.size * MM_PER_POINT
    ink = FONTS.font(title.family).ink(title.text)
    assert title.x + (ink[0] - title.bold / 2) * em == pytest.approx(left, abs=0.01)
    assert 53.98 - (title.y - (ink[1] - title.bold / 2) * em) == pytest.approx(bottom, abs=0.01)


@pytest.mark.parametrize("side", list(Side))
def test_elements_keep_apart(side: Side) -> None:
    solid = [e for e in TABLE.elements(side) if e.kind not in {"ground", "trim", "stripe"}]
    for one, other in itertools.combinations(solid, 2):
        assert not TABLE.box(one).overlaps(TABLE.box(other)), (one.id, other.id)


@pytest.mark.parametrize("face", [ordinary(), long_named()], ids=["ordinary", "long"])
@pytest.mark.parametrize("side", list(Side))
def test_every_text_stays_inside_its_element(face: object, side: Side) -> None:
    assert hasattr(face, "photo")
    for placed in compose(face, side, TABLE, FONTS, PREVIEW):  # type: ignore[arg-type]
        if not isinstance(placed.mark, Text) or placed.mark.angle:
            continue
        mark, room = placed.mark, box(placed.element)
        em = mark.size * MM_PER_POINT
        left, bottom, right, top = FONTS.font(mark.family).ink(mark.text)
        extra = mark.spacing * (len(mark.text) - 1)
        assert room.x - 0.05 <= mark.x + left * em
        assert mark.x + right * em + extra <= room.right + 0.05, mark.text
        assert room.y - 0.05 <= mark.y - top * em, mark.text
        assert mark.y - bottom * em <= room.bottom + 0.05, mark.text


def test_only_a_composite_card_has_a_stripe_and_only_in_the_preview() -> None:
    def stripes(face: object, layers: frozenset[Layer]) -> list[str]:
        marks = compose(face, Side.FRONT, TABLE, FONTS, layers)  # type: ignore[arg-type]
        return [p.element for p in marks if p.element == "stripe"]

    assert stripes(ordinary(), PREVIEW)
    assert not stripes(ordinary(), PRINTED)
    assert not stripes(long_named(), PREVIEW)


def test_every_element_has_a_source_and_a_color() -> None:
    assert all("Part 1" in e.source or "documented default" in e.source for e in TABLE.element)
    assert all(e.color in TABLE.colors for e in TABLE.element)


@pytest.mark.parametrize(
    "change", [{"left": None}, {"width": 3.0}, {"reach": 1.0}, {"height": -1.0}, {"bottom": 2.0}]
)
def test_a_contradictory_place_is_refused(change: dict[str, float | None]) -> None:
    element: Element = msgspec.structs.replace(TABLE.find("name"), **change)
    with pytest.raises(PlacementError, match="card face element name"):
        TABLE.box(element)


def test_families_are_known() -> None:
    assert {e.family for e in TABLE.element} <= set(Family)
