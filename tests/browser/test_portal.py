"""The portal in a browser: axe on its pages, signed in and not, without scripts where a form is sent."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.looking import LONG, Desk, faults
from office.access.holders import GOOD
from office.cards.world import World, made, workshop
from office.conftest import NOW
from shebaoka.office.access.choices import Proof
from shebaoka.office.access.services import (
    activation_code_make,
    correction_ask,
    leak_tell,
    password_choose,
    proof_give,
    recovery_begin,
)
from shebaoka.office.access.services.sessions import Opened

PUBLIC: tuple[str, ...] = ("", "check", *(("secrets", "sign-in", "cannot-sign-in") if LONG else ()))
HERS: tuple[str, ...] = ("me/", "me/cards", "me/requests", "me/prove")
if LONG:
    HERS += ("me/electronic", "me/electronic/open", "me/records", "me/requests/leak", "me/statement")
    HERS += ("me/sessions", "me/readers", "me/password", "me/messages", "me/passkeys", "me/passkeys/add")
VIEWS = (
    [(language, width) for language in ("zh-hans", "en", "es") for width in ("phone", "desk")]
    if LONG
    else [("es", "phone")]
)


@pytest.fixture
def world(desk: Desk, tmp_path: Path) -> Iterator[World]:
    """Somebody with a card in use."""
    with workshop(tmp_path):
        found = made(desk.country, NOW, NOW + timedelta(hours=8))
        found.blanks()
        found.active()
        yield found


def signed_in(world: World) -> Opened:
    """By the counter's code, with a request and a leak case of hers."""
    person = world.people[0]
    code = activation_code_make(world.clerk, person=person.pk)
    begun = recovery_begin(number=person.number)
    proof_give(begun.pk, proof=Proof.COUNTER, answer=code.code)
    opened = password_choose(begun.pk, new=GOOD, told=True)
    correction_ask(opened.session, wrong="姓名", right="户口簿")
    leak_tell(opened.session, told="有人知道我的参保信息")
    return opened


@pytest.mark.parametrize(("language", "width"), VIEWS)
def test_axe_finds_nothing(desk: Desk, world: World, language: str, width: str) -> None:
    opened = signed_in(world)
    page = desk.open(language=language, width=width)
    found = [fault for place in PUBLIC for fault in _looked(page, place, f"{language}-{width}")]
    page.context.add_cookies(
        [{"name": "holder", "value": opened.token, "url": desk.address, "httpOnly": True}]
    )
    found += [fault for place in HERS for fault in _looked(page, place, f"{language}-{width}")]
    assert found == []


def test_a_card_is_reported_lost_without_scripts(desk: Desk, world: World) -> None:
    opened = signed_in(world)
    page = desk.open(language="en", scripts=False)
    page.context.add_cookies(
        [{"name": "holder", "value": opened.token, "url": desk.address, "httpOnly": True}]
    )
    page.goto("/me/cards")
    page.get_by_role("button", name="Report it lost for a time").click()
    expect(page.get_by_text("The card is reported lost")).to_be_visible()
    page.get_by_role("button", name="I found it").click()
    expect(page.get_by_text("The loss report is released")).to_be_visible()


def _looked(page: Page, place: str, name: str) -> list[str]:
    page.goto(f"/{place}")
    folder = os.environ.get("SHEBAOKA_LOOK")
    if folder:
        file = f"portal-{name}-{place.replace('/', '_') or 'start'}.png"
        page.screenshot(path=Path(folder) / file, full_page=True)
    return faults(page)
