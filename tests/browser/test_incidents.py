"""Incidents and rules in a browser: no faults, light, and an incident reported without scripts."""

import pytest
from playwright.sync_api import expect

from browser.looking import LONG, LONGEST, Desk, faults, transferred
from office.incidents.opened import opened
from office.ready import rules_in_force
from shebaoka.office.incidents.choices import DutyKind
from shebaoka.office.incidents.models import Incident
from shebaoka.office.rules.models import Document

OFFICER = ("980100", "organizations.security-officer")


@pytest.mark.skipif(not LONG, reason="long: SHEBAOKA_LONG=1")
def test_pages_of_incidents_and_rules_have_no_fault_and_are_light(desk: Desk) -> None:
    rules_in_force(desk.country, "980100")
    incident = opened(desk.country)
    duty = incident.duties.get(kind=DutyKind.MINISTRY)
    document = Document.objects.get(kind="key-rules")
    found: list[str] = []
    for url, language in (
        (f"/desk/incidents/{incident.number}", "es"),
        (f"/desk/incidents/reports/{duty.pk}", "zh-hans"),
        ("/desk/rules/980100", "es"),
        (f"/desk/rules/documents/{document.pk}", "en"),
    ):
        page = desk.open(*OFFICER, language=language)
        assert transferred(page, url) <= LONGEST
        found += faults(page)
        desk.close()
    assert found == []


def test_an_incident_is_reported_without_scripts(desk: Desk) -> None:
    page = desk.open("980100", "organizations.issuing-clerk", scripts=False, width="phone")
    page.goto("/desk/incidents/report")
    page.locator("button", has_text="Continue").click()
    expect(page.locator(".error-summary")).to_contain_text("Choose: What happened?")
    page.get_by_label("PSAM lost or stolen").check()
    page.keyboard.press("Enter")
    page.get_by_label("What happened?").fill("窗口终端内PSAM卡不见")
    page.locator("button", has_text="Continue").click()
    page.get_by_label("No state secret").check()
    page.locator("button", has_text="Continue").click()
    expect(page.locator("h1")).to_have_text("Check your answers")
    page.locator("button", has_text="Report").last.click()
    incident = Incident.objects.get()
    expect(page.locator(".panel")).to_contain_text(incident.number)
    assert incident.kind == "psam-lost"
