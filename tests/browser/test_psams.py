"""The pages of PSAMs in a browser: axe at both widths, without scripts, light enough."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from browser.looking import LONG, LONGEST, Desk, faults, transferred
from office.conftest import NOW
from office.psams.world import CITY, World, made, serial
from shebaoka.office.psams import services

PAGES = (
    "",
    "orders",
    "orders/apply",
    "units",
    "units/place",
    "recalls",
    "lists",
    f"psam/{serial(1)}",
    f"psam/{serial(2)}/issue",
)


@pytest.fixture
def world(desk: Desk) -> World:
    """A hospital with a PSAM in use, another in stock, one lost."""
    found = made(desk.country, NOW, NOW + timedelta(hours=8))
    found.active(3)
    services.loss_report(
        found.by(CITY, "psam-keeper"),
        serial=serial(3),
        missing_since=NOW - timedelta(hours=2),
        circumstances="盘点时未找到",
    )
    return found


@pytest.mark.skipif(not LONG, reason="long: SHEBAOKA_LONG=1")
@pytest.mark.parametrize("width", ["phone", "desk"] if LONG else ["phone"])
def test_axe_finds_nothing(desk: Desk, world: World, width: str) -> None:
    page = desk.open(CITY, "organizations.psam-keeper", width=width, language="es")
    found = []
    for place in PAGES:
        page.goto(f"/desk/psams/{place}")
        assert page.locator("h1").count() == 1, place
        found += faults(page)
        _shot(page, f"{width}-es-{place}")
    assert found == []


def test_an_error_is_named_and_linked_without_scripts(desk: Desk, world: World) -> None:
    page = desk.open(CITY, "organizations.psam-keeper", language="zh-hans", scripts=False)
    page.goto(f"/desk/psams/psam/{serial(1)}/lose")
    page.get_by_role("button", name="报告遗失").click()
    page.get_by_role("alert").get_by_role("link", name="发现缺失的时间").click()
    assert page.url.endswith("#id_missing_since")
    _shot(page, "desk-zh-lose")


def test_the_register_is_light(desk: Desk, world: World) -> None:
    page = desk.open(CITY, "organizations.psam-keeper")
    assert transferred(page, "/desk/psams/") <= LONGEST
    _shot(page, "desk-en-home")


def _shot(page: Page, name: str) -> None:
    folder = os.environ.get("SHEBAOKA_LOOK")
    if folder:
        target = Path(folder) / f"{name.strip('-').replace('/', '_')}.png"
        page.screenshot(path=str(target), full_page=True)
