"""Pictures of pages for the docs: ``make screenshots`` keeps them (folder in SHEBAOKA_SCREENSHOTS)."""

import os
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page

from browser.custody_world import BODY, filled
from browser.looking import LONG, Desk
from browser.test_pages import waiting_act
from office.custody.sittings import deployed, room
from office.custody.steps import CUSTODIAN, MOTHER, OFFICER, OPERATOR, Steps, number
from office.custody.test_handovers import NUMBER as HAND_OVER
from shebaoka.office.custody.rooms.door import leave_all
from shebaoka.office.organizations.models import TwoPersonAct

LEADER = ("980100", "organizations.leader")
CLERK = ("980100", "organizations.administrator")
SHOTS = (
    ("sign-in", "/desk/sign-in", ("", ""), "phone", "zh-hans", False),
    ("start", "/desk/", LEADER, "phone", "zh-hans", True),
    ("act", "/desk/acts/{act}", LEADER, "desk", "en", False),
    ("act", "/desk/acts/{act}", LEADER, "desk", "zh-hans", False),
    ("question", "/desk/organizations/980100/add", CLERK, "phone", "es", False),
)


def test_screenshots(desk: Desk, tmp_path: Path) -> None:
    folder = Path(os.environ.get("SHEBAOKA_SCREENSHOTS") or tmp_path)
    waiting_act(desk.country)
    act = str(TwoPersonAct.objects.get().pk)
    for name, url, (code, role), width, language, dark in SHOTS:
        page = desk.open(code, role, language=language, width=width, dark=dark)
        page.goto(url.replace("{act}", act))
        if name == "question":
            page.locator("form[novalidate] button").click()
        picture = Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB").quantize(64)
        path = folder / f"desk-{name}-{width}-{language}.png"
        picture.save(path, optimize=True)
        assert picture.height >= 640


@pytest.mark.skipif(
    not LONG and not os.environ.get("SHEBAOKA_SCREENSHOTS"), reason="pictures for the docs: make screenshots"
)
def test_screenshot_of_the_portal(desk: Desk, tmp_path: Path) -> None:
    page = desk.open()
    page.goto("/?use=pay-account&region=980100&pin=initial")
    _keep(page, "portal-answer-desk-en", tmp_path)


CUSTODY = (
    ("home", "", OPERATOR, "phone", "zh-hans"),
    ("carrier", f"carriers/{MOTHER}", OPERATOR, "desk", "en"),
    ("custodian", f"custodians/{number(BODY, CUSTODIAN)}", OFFICER, "phone", "es"),
    ("hand-over", f"hand-overs/{HAND_OVER}", OPERATOR, "desk", "zh-hans"),
)
ROOM = (
    ("component", "component", CUSTODIAN, "phone", "zh-hans"),
    ("values", "check-values.read", OPERATOR, "desk", "en"),
    ("waits", "check-values.read", OFFICER, "desk", "es"),
)


@pytest.mark.skipif(
    not LONG and not os.environ.get("SHEBAOKA_SCREENSHOTS"), reason="pictures for the docs: make screenshots"
)
def test_screenshots_of_custody(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(Steps(desk.country))
    for name, url, role, width, language in CUSTODY:
        page = desk.open(BODY, role, language=language, width=width)
        page.goto(f"/desk/custody/{url}")
        _keep(page, f"custody-{name}-{width}-{language}", tmp_path)
    deployed(tmp_path, monkeypatch)
    held = room(Steps(desk.country))
    held.open()
    for name, place, role, width, language in ROOM:
        held.until(place)
        page = desk.open(BODY, role, language=language, width=width)
        page.goto(f"/desk/custody/ceremonies/{held.ceremony.number}/room")
        _keep(page, f"ceremony-{name}-{width}-{language}", tmp_path)
    leave_all()


def _keep(page: Page, name: str, otherwise: Path) -> None:
    folder = Path(os.environ.get("SHEBAOKA_SCREENSHOTS") or otherwise)
    picture = Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB").quantize(64)
    picture.save(folder / f"{name}.png", optimize=True)
    assert picture.height >= 640
