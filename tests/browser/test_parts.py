"""Every page of PSAMs, incidents, approval and the audit record in a browser: axe at both widths in all
languages; a form clicked twice is done once."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from browser.looking import LONG, LONGEST, Desk, faults, transferred
from office.approval.region import CLERK, LEADER, filled
from office.conftest import NOW
from office.incidents.opened import opened
from office.psams.test_destroying import listed, pictured
from office.psams.world import CITY, World, made, serial
from shebaoka.office.audit.checkpoints import checkpoint_take
from shebaoka.office.audit.jobs import verify
from shebaoka.office.organizations.models import TwoPersonAct
from shebaoka.office.psams.models import Host
from shebaoka.office.psams.services import NewHost

KEEPER, OFFICER = "organizations.psam-keeper", "organizations.security-officer"
AUDITOR = "organizations.auditor"


@pytest.fixture
def world(desk: Desk) -> World:
    """A hospital with PSAMs, a destruction list with photos, a host."""
    found = made(desk.country, NOW, NOW + timedelta(hours=8))
    pictured(found, listed(found))
    officer = found.by(CITY, "security-officer")
    found.two(officer, "psams.host.add", NewHost(CITY, "结算一号机"), found.by(CITY, "leader"))
    return found


def psam_pages(world: World) -> Iterator[tuple[str, str, str]]:
    number = world.psam().destructions.get().destruction.number
    order = world.psam().order.number
    own = "contact", "counts", "losses", "lists", "lists/publish", "recalls", "recalls/make", "vendors"
    orders = "orders", f"orders/{order}", "orders/apply"
    one = f"psam/{serial(1)}", f"psam/{serial(1)}/lose", f"psam/{serial(1)}/return"
    ends = "", f"/{number}", f"/{number}/add", f"/{number}/record"
    places = ["", "units", "units/place", *own, *orders, *one, *(f"destructions{end}" for end in ends)]
    yield from ((CITY, KEEPER, f"/desk/psams/{place}") for place in places)
    host = Host.objects.get().pk
    for place in ("hosts", "hosts/add", f"hosts/{host}/token", f"hosts/{host}/end", "units/agreement"):
        yield CITY, OFFICER, f"/desk/psams/{place}"


def incident_pages(desk: Desk) -> Iterator[tuple[str, str, str]]:
    incident = opened(desk.country)
    duty = incident.duties.filter(done_at=None).first()
    assert duty is not None
    for place in ("", "report", incident.number, f"reports/{duty.pk}"):
        yield CITY, OFFICER, f"/desk/incidents/{place}"
    for place in ("log", "cause", "affected", "compute", "level", "secrecy", "close"):
        yield CITY, OFFICER, f"/desk/incidents/{incident.number}/{place}"


def approval_pages(desk: Desk) -> Iterator[tuple[str, str, str]]:
    case = filled(desk.country, "980000")
    base = "/desk/approval"
    for place in ("", "/980000", f"/case/{case.pk}", f"/case/{case.pk}/plan", f"/case/{case.pk}/submit"):
        yield "980000", CLERK, f"{base}{place}"
    for place in ("", "/statement"):
        yield "980000", CLERK, f"{base}/case/{case.pk}/item/readiness.staff{place}"
    for place in ("", "/tests", "/tests/add"):
        yield CITY, CLERK, f"{base}/{CITY}{place}"
    yield "000000", LEADER, base + "/"


def audit_pages() -> Iterator[tuple[str, str, str]]:
    checkpoint_take()
    verify()
    for place in ("", "row/980100/2", "chains", "chains/verify", "bypasses", "?since=x"):
        yield "000000", AUDITOR, f"/desk/audit/{place}"


@pytest.mark.skipif(not LONG, reason="only with SHEBAOKA_LONG=1")
@pytest.mark.parametrize(
    ("width", "language"), [("phone", "zh-hans"), ("phone", "en"), ("phone", "es"), ("desk", "zh-hans")]
)
def test_axe_finds_nothing_on_any_page(desk: Desk, world: World, width: str, language: str) -> None:
    pages = [*psam_pages(world), *incident_pages(desk), *approval_pages(desk), *audit_pages()]
    found: list[str] = []
    for code, role, place in pages:
        page = desk.open(code, role, width=width, language=language)
        answer = page.goto(place)
        assert answer is not None
        assert answer.status in (200, 422), place
        found += faults(page)
        folder = os.environ.get("SHEBAOKA_LOOK")
        if folder:
            name = f"{width}-{language}-{place.strip('/').replace('/', '_')}.png"
            page.screenshot(path=str(Path(folder) / name), full_page=True)
        desk.close()
    assert found == []


@pytest.mark.skipif(not LONG, reason="long: SHEBAOKA_LONG=1")
def test_the_audit_record_has_no_fault_and_is_light(desk: Desk) -> None:
    opened(desk.country)
    checkpoint_take()
    for place, width in (("", "phone"), ("chains", "desk")):
        page = desk.open("980100", AUDITOR, width=width, language="es")
        assert transferred(page, f"/desk/audit/{place}") <= LONGEST
        assert faults(page) == []


def test_a_double_click_does_an_act_once(desk: Desk) -> None:
    page = desk.open("980100", "organizations.administrator", scripts=False)
    page.goto("/desk/organizations/980100/rename")
    page.get_by_role("textbox").fill("示例新市")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Propose").dblclick()
    expect(page.locator("h1")).to_have_text("Proposed")
    assert TwoPersonAct.objects.count() == 1
