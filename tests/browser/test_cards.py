"""The pages of cards in a browser: axe at both widths, without scripts, light enough."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from browser.looking import LONG, Desk, faults
from office.cards.world import CITY, World, made, workshop
from office.conftest import NOW
from shebaoka.office.cards import services
from shebaoka.office.cards.choices import Proof
from shebaoka.office.cards.models import Batch, Card, Stock


@pytest.fixture
def world(desk: Desk, tmp_path: Path) -> Iterator[World]:
    """A batch made and handed out: one card active, one lost."""
    with workshop(tmp_path):
        found = made(desk.country, NOW, NOW + timedelta(hours=8))
        found.blanks()
        found.active(2)
        lost = Card.objects.order_by("serial")[1]
        services.loss_temporary(found.clerk, card=lost.pk, proof=Proof.TELEPHONE)
        yield found


@pytest.mark.skipif(not LONG, reason="long: SHEBAOKA_LONG=1")
@pytest.mark.parametrize("width", ["phone", "desk"] if LONG else ["phone"])
def test_axe_finds_nothing(desk: Desk, world: World, width: str) -> None:
    card, batch = Card.objects.order_by("serial")[0], Batch.objects.get()
    page = desk.open(CITY, "people.counter-clerk", width=width, language="es")
    found = []
    places = [
        "",
        "dashboard",
        "register",
        "insert",
        "apply",
        "applications",
        "lists",
        "lists/take",
    ]
    places += [f"person/{card.person_id}", f"apply/{card.person_id}", f"card/{card.pk}", "electronic/verify"]
    acts = ("done", "electronic", "electronic-open", "loss-temporary", "loss-formal", "cancel", "compare")
    places += [f"card/{card.pk}/{act}" for act in (*acts, "sync", "pin", "block", "bank-lose")]
    for place in places:
        found += _looked(page, width, place)
    page = desk.open(CITY, "organizations.issuing-clerk", width=width, language="zh-hans")
    places = [
        "batches",
        f"batches/{batch.number}",
        "batches/form",
        "stock",
        "blacklist",
        "dashboard",
        "products",
    ]
    places += [
        "products/record",
        "destruction",
        f"destruction/{CITY}/propose",
        "stock/receive",
        "stock/spoil",
    ]
    places += [f"products/{batch.product_id}", f"stock/{Stock.objects.get().pk}", "stock/destroy"]
    for place in places:
        found += _looked(page, width, place)
    assert found == []


def test_a_loss_is_reported_without_scripts(desk: Desk, world: World) -> None:
    card = Card.objects.order_by("serial")[0]
    page = desk.open(CITY, "people.counter-clerk", language="zh-hans", scripts=False)
    page.goto(f"/desk/cards/card/{card.pk}/loss-formal")
    page.get_by_role("button", name="继续").click()
    assert page.get_by_role("alert").count() == 1
    page.get_by_label("人证比对").check()
    page.get_by_label("遗失经过").fill("遗失")
    page.get_by_role("button", name="继续").click()
    assert "遗失" in page.locator("dl").inner_text()
    page.get_by_role("button", name="确认并提交").click()
    assert page.url.endswith(f"/desk/cards/card/{card.pk}/done")
    assert page.get_by_role("link", name="回执").count() == 1
    assert "正式挂失" in page.content()


def _looked(page: Page, width: str, place: str) -> list[str]:
    page.goto(f"/desk/cards/{place}")
    assert page.locator("h1").count() == 1, place
    folder = os.environ.get("SHEBAOKA_LOOK")
    if folder:
        name = f"{width}-{place.replace('/', '_') or 'home'}.png"
        page.screenshot(path=Path(folder) / name, full_page=True)
    return faults(page)
