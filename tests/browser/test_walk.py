"""The life of a card in a browser: apply, batch, make, hand out, activate, lose, replace, with a virtual card
in the reader service of the clerk's computer; the office drives the chip through the page."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.looking import LONG, Desk, faults
from office.cards.world import AGENCY, CITY, CLERK, ISSUING, LEADER, World, card_of, made, workshop
from office.conftest import NOW
from shebaoka.card.card import blank_card
from shebaoka.chip.store import MemoryStore
from shebaoka.driver.service.demonstration import demonstration_service
from shebaoka.office.cards.models import Batch, Card
from shebaoka.office.cards.production import run
from shebaoka.office.people.services import Contact, person_update_contact
from shebaoka.personalization.fixture_keys import TEST_TRANSPORT_KEY
from shebaoka.spec.algorithm import Algorithm

pytestmark = pytest.mark.skipif(not LONG, reason="a browser, a reader service and an office: SHEBAOKA_LONG=1")
PIN, BLANK, PHONE = "482915", "blank.card", "13900000007"


@pytest.fixture
def world(desk: Desk, tmp_path: Path, settings: Any) -> Iterator[World]:
    """The issuing city, and a reader service with every card that was made and a blank one."""
    empty = MemoryStore()
    blank_card(empty, historical=bytes(13), algorithm=Algorithm.TDES, transport_key=TEST_TRANSPORT_KEY)
    empty.save(tmp_path / BLANK)

    def images() -> dict[str, Path]:
        cards = sorted((tmp_path / "batches").rglob("*.card"))
        return {BLANK: tmp_path / BLANK} | {f"{path.parents[2].name}-{path.name}": path for path in cards}

    with workshop(tmp_path), demonstration_service(desk.address, {"counter": images}, port=0) as service:
        settings.READER_PORT = service.port
        found = made(desk.country, NOW, NOW + timedelta(hours=8))
        found.blanks()
        yield found


def chosen(page: Page, label: str, value: str) -> None:
    """An option of few or of many."""
    radio = page.locator(f'input[type="radio"][name="{label}"][value="{value}"]')
    if radio.count():
        radio.check()
    else:
        page.locator(f'select[name="{label}"]').select_option(value)


def asked(page: Page, where: str, **answers: str) -> None:
    """A form without a card in a reader."""
    page.goto(f"/desk/cards/{where}")
    for name, value in answers.items():
        field = page.locator(f'[name="{name}"]').first
        kind = field.get_attribute("type")
        if kind == "checkbox":
            field.check()
        elif kind == "radio" or field.evaluate("each => each.tagName") == "SELECT":
            chosen(page, name, value)
        else:
            field.fill(value)
    page.locator("main form .buttons button").last.click()
    expect(page.locator("#error-summary")).to_have_count(0)
    if page.get_by_role("heading", name="Check your answers").count():
        page.locator("main form .buttons button").last.click()
        expect(page.locator("#error-summary")).to_have_count(0)


def insert(page: Page, card: str) -> None:
    """A card by a click, once the page asks for it."""
    page.locator("#reader-virtual").wait_for()
    page.get_by_label("put a card into the reader").select_option(card)
    page.get_by_role("button", name="Put it in").click()


def apply(page: Page, number: str, kind: str, why: str, making: str) -> str:
    asked(page, "apply", person=number)
    where = page.url.partition("/desk/cards/")[2]
    asked(
        page, where, kind=kind, why=why, product="SSC-2", population="职工", outlet=AGENCY,
        making=making, delivery="outlet", proof="identity",
    )  # fmt: skip
    return page.url.rpartition("/")[2]


def produced(desk: Desk, world: World) -> Card:
    """A batch formed, approved by two, made, at the outlet. Numbers and chips are the background's."""
    issuing, leader = desk.open(CITY, ISSUING), desk.open(CITY, LEADER)
    asked(issuing, "batches/form", organization=CITY, product="SSC-2", outlet=AGENCY, site="01")
    batch = Batch.objects.get()
    asked(issuing, f"batches/{batch.number}/approve", confirmed="on")
    leader.goto("/desk/")
    leader.get_by_role("link", name="Approve a batch").first.click()
    leader.get_by_label("Approve", exact=True).check()
    leader.locator("main form .buttons button").first.click()
    leader.get_by_text("approved").first.wait_for()
    run.prepare(batch.pk)
    asked(issuing, f"batches/{batch.number}/start", confirmed="on")
    run.make(batch.pk)
    asked(issuing, f"batches/{batch.number}/deliver", document="装箱单1")
    return Card.objects.get()


def test_apply_batch_make_hand_out_activate_lose_replace(desk: Desk, world: World) -> None:
    person = world.person()
    clerk, problems = desk.open(AGENCY, CLERK), list[str]()
    clerk.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    apply(clerk, person.number, "new", "none", "factory")
    card = produced(desk, world)
    asked(clerk, f"card/{card.pk}/hand-out", proof="identity")
    asked(clerk, f"card/{card.pk}/activate", proof="identity")

    clerk.goto("/desk/cards/insert")
    clerk.get_by_role("button", name="Read the card").click()
    [only] = [each for each in options(clerk) if each != BLANK]
    insert(clerk, only)
    clerk.wait_for_url(f"**/desk/cards/card/{card.pk}")
    assert faults(clerk) == []
    expect(clerk.get_by_text("credential of this visit")).to_be_visible()

    clerk.goto(f"/desk/cards/card/{card.pk}/pin")
    clerk.locator("[name=new]").fill(PIN)
    clerk.locator("[name=again]").fill(PIN)
    clerk.get_by_role("button", name="Continue").click()
    clerk.wait_for_url(f"**/desk/cards/card/{card.pk}")

    person_update_contact(world.clerk, person=person.pk, contact=Contact(phone=PHONE))
    clerk.goto(f"/desk/cards/card/{card.pk}/sync")
    clerk.get_by_label("I have checked this").check()
    clerk.get_by_role("button", name="Continue").click()
    clerk.wait_for_url(f"**/desk/cards/card/{card.pk}")
    expect(clerk.get_by_text("items written")).to_be_visible()
    clerk.goto(f"/desk/cards/card/{card.pk}/compare")
    clerk.get_by_role("button", name="Compare them").click()
    expect(clerk.get_by_role("cell", name=PHONE).first).to_be_visible()
    expect(clerk.get_by_text("Differs")).to_have_count(0)

    asked(clerk, f"card/{card.pk}/loss-formal", proof="identity", why="遗失")
    number = apply(clerk, person.number, "reissue", "lost", "instant")
    clerk.goto(f"/desk/cards/applications/{number}/instant")
    clerk.get_by_label("I have checked this").check()
    clerk.get_by_role("button", name="Make it").click()
    insert(clerk, BLANK)
    clerk.wait_for_url("**/desk/cards/card/*", timeout=120_000)
    second = Card.objects.exclude(pk=card.pk).get()
    asked(clerk, f"card/{second.pk}/hand-out", proof="identity")
    asked(clerk, f"card/{second.pk}/activate", proof="identity")
    assert (card_of(card.pk).social, card_of(second.pk).social) == ("9", "1")

    clerk.goto("/desk/cards/insert")
    clerk.get_by_role("button", name="Read the card").click()
    clerk.wait_for_url(f"**/desk/cards/card/{second.pk}")
    assert problems == []


def options(page: Page) -> list[str]:
    page.locator("#reader-virtual").wait_for()
    return [str(each.get_attribute("value")) for each in page.locator("#reader-card option").all()]
