"""The pages of keys and carriers in a browser: axe at both widths, without scripts, light enough."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

from browser.looking import LONG, LONGEST, Desk, faults, transferred
from office.custody.steps import CUSTODIAN, MOTHER, OPERATOR, Steps
from office.custody.test_handovers import NUMBER, factory, prepare, record, review

PAGES = (
    "",
    "carriers",
    f"carriers/{MOTHER}",
    "movements",
    "hsms",
    "hsms/980000/HSM-980000",
    "dispatches/000000-2026-0001",
    f"hand-overs/{NUMBER}",
    "propose/hsm-add",
    f"propose/take-out/{MOTHER}",
    "hand-overs/prepare",
    "keys/read",
)


@pytest.fixture
def steps(desk: Desk) -> Steps:
    """A province with carriers in their places, one taken out, a hand-over being prepared."""
    found = Steps(desk.country)
    found.received()
    factory(found)
    prepare(found)
    record(found)
    review(found)
    found.take_out(found.taking())
    return found


@pytest.mark.parametrize("width", ["phone", "desk"] if LONG else ["phone"])
def test_axe_finds_nothing(desk: Desk, steps: Steps, width: str) -> None:
    page = desk.open("980000", OPERATOR, width=width, language="es")
    found = []
    for place in PAGES:
        page.goto(f"/desk/custody/{place}")
        assert page.locator("h1").count() == 1, place
        found += [f"{place}: {fault}" for fault in faults(page)]
        _shot(page, f"{width}-es-{place}")
    assert found == []


def test_a_count_without_scripts_names_what_is_missing(desk: Desk, steps: Steps) -> None:
    page = desk.open("980000", CUSTODIAN, language="zh-hans", scripts=False)
    page.goto("/desk/custody/stock-takes/count")
    assert faults_of_labels(page) == 0
    _shot(page, "desk-zh-count")
    page.get_by_role("button", name="继续").click()
    page.get_by_role("button", name="提出").click()
    assert "以下差异没有说明" in page.get_by_role("alert").inner_text()
    _shot(page, "desk-zh-count-refused")


def faults_of_labels(page: Page) -> int:
    """Inputs without a label."""
    return page.locator("main input:not([type=hidden]):not([id])").count()


def test_the_register_is_light(desk: Desk, steps: Steps) -> None:
    page = desk.open("980000", OPERATOR)
    assert transferred(page, "/desk/custody/carriers") <= LONGEST
    page.goto("/desk/custody/")
    _shot(page, "desk-en-home")


def _shot(page: Page, name: str) -> None:
    folder = os.environ.get("SHEBAOKA_LOOK")
    if folder:
        target = Path(folder) / f"{name.strip('-').replace('/', '_')}.png"
        page.screenshot(path=str(target), full_page=True)
