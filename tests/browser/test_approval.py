"""Pages of parameters and approval: axe at WCAG 2.2 AA, reflow, weight, and a form filled without scripts."""

import os
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page

from browser.looking import LONG, LONGEST, Desk, faults, transferred
from office.approval.region import CLERK, REVIEWER, batch, equipped, filled
from office.parameters.deciding import put
from office.parameters.test_publishing import publish
from shebaoka.office.approval.models import Case, Region

POLICY = "organizations.policy-clerk"
PARAMETERS = (
    ("parameters", "/desk/parameters/980100"),
    ("parameter", "/desk/parameters/980100/key/cards.pin-tries"),
    ("parameter-set", "/desk/parameters/980100/key/cards.pin-tries/set"),
    ("rules", "/desk/parameters/980100/rules"),
)
APPROVAL = (
    ("approval", "/desk/approval/"),
    ("approval-region", "/desk/approval/980100"),
    ("approval-case", "/desk/approval/case/{case}"),
    ("approval-item", "/desk/approval/case/{case}/item/material.card-face"),
    ("approval-form", "/desk/approval/case/{case}/plan"),
)


def keep(page: Page, name: str, width: str, language: str) -> None:
    """A picture, when somebody wants to look at it."""
    folder = os.environ.get("SHEBAOKA_SCREENSHOTS")
    if folder:
        shown = Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB").quantize(64)
        shown.save(Path(folder) / f"desk-{name}-{width}-{language}.png", optimize=True)


VIEWS = [("es", "phone", False), ("zh-hans", "desk", False), ("en", "desk", True)]


@pytest.mark.skipif(not LONG, reason="long: SHEBAOKA_LONG=1")
@pytest.mark.parametrize(("language", "width", "dark"), VIEWS if LONG else VIEWS[:1])
def test_no_page_has_a_fault(desk: Desk, language: str, width: str, dark: bool) -> None:
    publish(desk.country, "980100")
    put(desk.country, "980100", "cards.pin-tries", 3)
    case = filled(desk.country)
    found: list[str] = []
    for role, pages in ((POLICY, PARAMETERS), (CLERK, APPROVAL)):
        page = desk.open("980100", role, language=language, width=width, dark=dark)
        for name, url in pages:
            answer = page.goto(url.replace("{case}", str(case.pk)))
            assert answer is not None
            assert answer.status == 200
            found += faults(page)
            keep(page, name, width, language)
    assert found == []


def test_test_cards_page(desk: Desk) -> None:
    equipped(desk.country)
    batch(desk.country)
    page = desk.open("000000", REVIEWER, width="phone")
    page.goto("/desk/approval/980100/tests")
    assert faults(page) == []
    keep(page, "approval-tests", "phone", "en")


def test_a_registration_begins_without_scripts(desk: Desk) -> None:
    page = desk.open("980100", CLERK, scripts=False)
    page.goto("/desk/approval/980100")
    page.get_by_role("link", name="Begin the registration").click()
    page.get_by_role("main").get_by_role("button").click()
    page.get_by_role("link", name="Fill in the form").click()
    page.get_by_label("Card supplier").fill("示例卡厂")
    for _step in range(3):
        page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Save the form").click()
    assert "示例卡厂" in page.content()
    assert Case.objects.get().plan["supplier"] == "示例卡厂"
    assert Region.objects.get().state == "draft"


def test_the_longest_page_is_light(desk: Desk) -> None:
    page = desk.open("980100", POLICY)
    assert transferred(page, "/desk/parameters/980100") <= LONGEST
