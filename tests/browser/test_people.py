"""Pages about people: axe at WCAG 2.2 AA, reflow, weight; a person enrolled without scripts."""

import os
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page

from browser.looking import LONG, Desk, faults
from office.people.invented import clerk, enroll, number
from shebaoka.office.people.models import Duplicate, Person
from shebaoka.office.people.services import Contact, NewFact, evidence_add, fact_note, photo_keep
from shebaoka.paper.photo import face_photo
from shebaoka.paper.portrait import draw_portrait

CLERK, SUPERVISOR = "people.counter-clerk", "people.counter-supervisor"
PAGES = (
    ("people", "/desk/people/"),
    ("people-person", "/desk/people/{person}"),
    ("people-duplicate", "/desk/people/duplicates/{duplicate}"),
    ("people-enroll", "/desk/people/enroll"),
    ("people-correct", "/desk/people/{person}/correct"),
    ("people-fact", "/desk/people/{person}/facts/employment"),
    ("people-elsewhere", "/desk/people/elsewhere"),
)
VIEWS = [("es", "phone", False), ("zh-hans", "desk", False), ("en", "desk", True)]


def keep(page: Page, name: str, width: str, language: str) -> None:
    """A picture, when somebody wants to look at it."""
    folder = os.environ.get("SHEBAOKA_SCREENSHOTS")
    if folder:
        shown = Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB").quantize(64)
        shown.save(Path(folder) / f"desk-{name}-{width}-{language}.png", optimize=True)


@pytest.mark.skipif(not LONG, reason="long: SHEBAOKA_LONG=1")
@pytest.mark.parametrize(("language", "width", "dark"), VIEWS if LONG else VIEWS[:1])
def test_no_page_has_a_fault(desk: Desk, language: str, width: str, dark: bool) -> None:
    by = clerk(desk.country)
    person = enroll(desk.country, "张𠮷", contact=Contact(phone="13900000000", address="示例甲市一路1号"))
    enroll(desk.country, "张𠮷", number=number(sequence=3))
    photo_keep(by, person=person.pk, content=face_photo(draw_portrait(1, "1", 40)))
    fact_note(by, person=person.pk, new=NewFact(subject="status", values={"status": "1"}))
    evidence_add(by, person=person.pk, name="户口簿.pdf", content=b"%PDF-1.4")
    page = desk.open("980100", CLERK, language=language, width=width, dark=dark)
    page.goto(f"/desk/people/{person.pk}/purpose")
    page.locator("select[name=purpose]").select_option("people.counter")
    page.locator("main form button").first.click()
    found: list[str] = []
    ids = {"{person}": str(person.pk), "{duplicate}": str(Duplicate.objects.get().pk)}
    for name, url in PAGES:
        for word, id_ in ids.items():
            url = url.replace(word, id_)
        answer = page.goto(url)
        assert answer is not None
        assert answer.status == 200, url
        if name == "people":
            page.locator("input[name=text]").fill("zhang")
            page.locator("main form button").first.click()
            page.locator("main table").first.wait_for()
            assert "zhang" not in page.url
        found += faults(page)
        keep(page, name, width, language)
    assert found == []


def test_a_person_is_enrolled_without_scripts(desk: Desk) -> None:
    page = desk.open("980100", CLERK, language="en", scripts=False)
    page.goto("/desk/people/enroll")
    page.get_by_label("Social security number").fill(number())
    page.get_by_label("Name exactly as on the document").fill("王䶮")
    page.locator("select[name=document_type]").select_option("01")
    page.locator("main form button").first.click()
    page.get_by_label("Telephone").fill("13900000000")
    page.locator("main form button").first.click()
    page.get_by_role("button", name="Confirm and send").click()
    page.wait_for_url(lambda url: "enroll" not in url)
    assert "王䶮" in page.content()
    assert Person.objects.get().phone == "13900000000"
