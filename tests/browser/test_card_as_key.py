"""Card and PIN at the portal in a browser, through the reader service of this computer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.looking import LONG, Desk, faults
from office.access.holders import GOOD
from office.cards.world import World, card_of, made, workshop
from office.conftest import NOW
from shebaoka.driver.service.demonstration import demonstration_service
from shebaoka.office.access.choices import Proof
from shebaoka.office.access.services import activation_code_make, password_choose, proof_give, recovery_begin
from shebaoka.office.cards.chip.pins import serve_pin
from shebaoka.office.cards.choices import Proof as Shown
from shebaoka.office.cards.models import Card
from shebaoka.office.cards.production.listing import directory_of
from shebaoka.office.cards.services import PinService

pytestmark = pytest.mark.skipif(not LONG, reason="a browser, a reader service and an office: SHEBAOKA_LONG=1")
PIN = "482915"


@dataclass
class Place:
    """The office in a browser, a holder's card with a PIN, a reader service beside the browser."""

    desk: Desk
    world: World
    card: Card


@pytest.fixture
def place(desk: Desk, tmp_path: Path, settings: Any) -> Iterator[Place]:
    with workshop(tmp_path):
        world = made(desk.country, NOW, NOW + timedelta(hours=8))
        world.blanks()
        card = card_of(world.active()[0].pk)
        serve_pin(
            world.clerk, card, PinService.RESET, world.reader(card), proof=Shown.IDENTITY, new=PIN, again=PIN
        )
        assert card.batch is not None
        cards = {"reader": directory_of(card.batch) / "cards"}
        with demonstration_service(desk.address, cards, port=0) as service:
            settings.READER_PORT = service.port
            yield Place(desk, world, card)


def chosen(place: Place) -> None:
    person = place.card.person
    assert person is not None
    code = activation_code_make(place.world.clerk, person=person.pk)
    begun = recovery_begin(number=person.number)
    proof_give(begun.pk, proof=Proof.COUNTER, answer=code.code)
    password_choose(begun.pk, new=GOOD, told=True)


def answer_with(page: Page, code: str) -> None:
    page.get_by_role("button", name="Read the card").click()
    put = page.get_by_role("button", name="Put it in")
    put.or_(page.get_by_label("Card PIN")).first.wait_for()
    if not page.get_by_label("Card PIN").is_visible():
        put.click()
    page.get_by_label("Card PIN").fill(code)
    page.get_by_role("button", name="To the card").click()


def test_signing_in_by_card(place: Place) -> None:
    chosen(place)
    page, problems = place.desk.open(), list[str]()
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with card and PIN").click()
    page.get_by_role("button", name="Read the card").click()
    page.get_by_role("button", name="Put it in").click()
    assert faults(page) == []
    page.get_by_label("Card PIN").fill("000000")
    page.get_by_role("button", name="To the card").click()
    expect(page.locator("#reader-status")).to_contain_text("5")  # tries left, told by the chip
    page.get_by_role("button", name="Read the card").click()
    page.get_by_label("Card PIN").fill(PIN)
    page.get_by_label("Card PIN").press("Enter")
    page.wait_for_url("**/me/")
    assert problems == []


def test_the_start_page_asks_the_card(place: Place) -> None:
    page = place.desk.open()
    page.goto("/")
    page.get_by_role("button", name="Ask the card in my reader").click()
    page.get_by_role("button", name="Put it in").click()
    expect(page.locator("#reader-status")).to_have_text("This card has a PIN. Tries left: 6")
    expect(page.get_by_label("I set it")).to_be_checked()


def test_a_first_sign_in_that_only_the_card_can_finish(place: Place) -> None:
    assert place.card.person is not None
    page = place.desk.open()
    page.goto("/cannot-sign-in")
    page.get_by_label("Social security number").fill(place.card.person.number)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Card and PIN in a reader").check()
    page.get_by_role("button", name="Continue").click()
    answer_with(page, PIN)
    page.get_by_label("New enquiry password", exact=True).fill(GOOD)
    page.get_by_label("New password once more").fill(GOOD)
    page.get_by_label("I have read").check()
    page.get_by_role("button").last.click()
    page.wait_for_url("**/me/")


def test_without_scripts_the_page_says_how_else(place: Place) -> None:
    page = place.desk.open(scripts=False)
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with card and PIN").click()
    assert not page.locator("#reader").is_visible()
    page.get_by_role("button", name="Read the card").click()
    expect(page.locator("#error-summary")).to_contain_text("No card was read")
    expect(page.get_by_role("link", name="Sign in with number and password")).to_be_visible()
