"""Pages of the portal are light and soon there: 100 KB cold at most, the largest part painted in 1.5 s."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from browser.looking import LONG, LONGEST, Desk, transferred
from browser.test_portal import HERS, PUBLIC, signed_in
from office.cards.world import World, made, workshop
from office.conftest import NOW

LARGEST_PAINTED = 1_500
PAGES = (*PUBLIC, *HERS) if LONG else ("me/",)
_PAINTED = """() => new Promise((resolve) => {
    let last = 0;
    new PerformanceObserver((list) => { for (const each of list.getEntries()) last = each.startTime; })
        .observe({ type: "largest-contentful-paint", buffered: true });
    setTimeout(() => resolve(last), 200);
})"""


@pytest.fixture
def world(desk: Desk, tmp_path: Path) -> Iterator[World]:
    with workshop(tmp_path):
        found = made(desk.country, NOW, NOW + timedelta(hours=8))
        found.blanks()
        found.active()
        yield found


def painted(page: Page, place: str) -> float:
    """Milliseconds until the largest part of a page was painted."""
    page.goto(place)
    milliseconds: float = page.evaluate(_PAINTED)
    return milliseconds


def test_pages_are_light_and_soon_there(desk: Desk, world: World) -> None:
    """The second look at each counts: the first reads its template."""
    opened = signed_in(world)
    heavy, late = {}, {}
    for place in PAGES:
        page = desk.open(language="zh-hans", width="phone")
        cookie = {"name": "holder", "value": opened.token, "url": desk.address, "httpOnly": True}
        page.context.add_cookies([cookie])  # type: ignore[list-item]  # a dict of its form
        heavy[place] = transferred(page, f"/{place}")
        late[place] = min(painted(page, f"/{place}") for _ in range(2))
    if os.environ.get("SHEBAOKA_LOOK"):
        print(heavy, late)
    assert {place: size for place, size in heavy.items() if size > LONGEST} == {}
    assert min(late.values()) > 0
    assert {place: took for place, took in late.items() if took > LARGEST_PAINTED} == {}
