"""The pages of keys and carriers in a browser: axe at both widths, without scripts, light enough."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from browser.custody_world import BODY, filled
from browser.looking import LONG, LONGEST, Desk, faults, transferred
from office.custody.sittings import Room, deployed, room
from office.custody.steps import CUSTODIAN, MOTHER, OFFICER, OPERATOR, Steps, number
from office.custody.test_ceremonies import NUMBER as CEREMONY
from office.custody.test_handovers import NUMBER
from shebaoka.office.custody.rooms.door import leave_all

ENVELOPE = "980000-2026-0003-E"

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
    "custodians",
    f"custodians/{number(BODY, CUSTODIAN)}",
    "propose/keeper-appoint",
    "envelopes",
    f"envelopes/{ENVELOPE}",
    "rooms",
    "rooms/enter",
    "destructions",
)
SOME = PAGES if LONG else PAGES[::4]
ROOM = f"/desk/custody/ceremonies/{CEREMONY}/room"


@pytest.fixture
def steps(desk: Desk) -> Steps:
    """A province with something in every register."""
    found = Steps(desk.country)
    filled(found)
    return found


@pytest.fixture
def held(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    """A ceremony that waits for the component of the first custodian."""
    deployed(tmp_path, monkeypatch)
    found = room(Steps(desk.country))
    found.open()
    found.until("component.BK.1.SM4.custodian-a")
    yield found
    leave_all()


@pytest.mark.skipif(not LONG, reason="long: SHEBAOKA_LONG=1")
@pytest.mark.parametrize("width", ["phone", "desk"] if LONG else ["phone"])
def test_axe_finds_nothing(desk: Desk, steps: Steps, width: str) -> None:
    page = desk.open("980000", OPERATOR, width=width, language="es")
    found = []
    for place in SOME:
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


@pytest.mark.parametrize("width", ["phone", "desk"] if LONG else ["phone"])
def test_the_room_without_scripts(desk: Desk, held: Room, width: str) -> None:
    custodian = desk.open(BODY, CUSTODIAN, language="zh-hans", scripts=False, width=width)
    custodian.goto(ROOM)
    assert custodian.locator("input[type=password]").get_attribute("autocomplete") == "off"
    _shot(custodian, f"{width}-zh-room")
    custodian.get_by_role("button", name="提交").click()
    assert custodian.get_by_role("alert").count() == 1
    witness = desk.open(BODY, OFFICER, language="es", width=width)
    witness.goto(ROOM)
    assert faults(witness) == []
    _shot(witness, f"{width}-es-room")
    held.until("check-values.read")
    operator = desk.open(BODY, OPERATOR, width=width)
    operator.goto(ROOM)
    assert faults(operator) == []
    _shot(operator, f"{width}-en-room")
    operator.get_by_role("button", name="I confirm").click()
    assert operator.get_by_text("It waits for").count() == 1
    operator.goto(f"/desk/custody/ceremonies/{CEREMONY}/abort")
    assert faults(operator) == []


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
