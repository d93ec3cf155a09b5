"""Pictures of pages for the docs: ``make screenshots`` keeps them (folder in SHEBAOKA_SCREENSHOTS)."""

import os
from io import BytesIO
from pathlib import Path

from PIL import Image

from browser.looking import Desk
from browser.test_pages import waiting_act
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
