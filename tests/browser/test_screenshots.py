"""Pictures of pages, for the docs and to look at: ``make screenshots`` (folder in SHEBAOKA_SCREENSHOTS)."""

import os
from pathlib import Path

import pytest

from browser.looking import WIDTHS, Desk
from browser.test_pages import waiting_act
from shebaoka.office.organizations.models import TwoPersonAct

FOLDER = os.environ.get("SHEBAOKA_SCREENSHOTS", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="only make screenshots")
LANGUAGES = ("zh-hans", "en", "es")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_screenshots(desk: Desk, language: str, width: str) -> None:
    waiting_act(desk.country)
    act = TwoPersonAct.objects.get()
    leader = ("980100", "organizations.leader")
    clerk = ("980100", "organizations.administrator")
    shots = [
        ("sign-in", "/desk/sign-in", ("", "")),
        ("start", "/desk/", leader),
        ("act", f"/desk/acts/{act.pk}", leader),
        ("organization", "/desk/organizations/980100", clerk),
        ("question", "/desk/organizations/980100/add", clerk),
    ]
    for name, url, (code, role) in shots:
        page = desk.open(
            code, role, language=language, width=width, dark=name == "start" and width == "phone"
        )
        page.goto(url)
        if name == "question":
            page.locator("form[novalidate] button").click()
        Path(FOLDER).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(FOLDER) / f"desk-{name}-{width}-{language}.png", full_page=True)
