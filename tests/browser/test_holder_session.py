"""A holder's passkey and the end of her session, with the browser's own authenticator and clock."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.looking import LONG, Desk
from browser.test_portal import signed_in, world
from office.cards.world import World

__all__ = ["world"]
pytestmark = pytest.mark.skipif(not LONG, reason="a walk in a browser (SHEBAOKA_LONG=1)")


@pytest.fixture
def page(desk: Desk, world: World) -> Page:
    """Of who is signed in by the counter's code."""
    opened = signed_in(world)
    found = desk.open(language="en", width="phone")
    found.context.add_cookies(
        [{"name": "holder", "value": opened.token, "url": desk.address, "httpOnly": True}]
    )
    return found


def test_a_passkey_is_added_and_signs_in(page: Page, tmp_path: Path) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.goto("/me/passkeys/add")
    expect(page.get_by_text("needs a browser that knows passkeys")).to_be_hidden()
    page.get_by_label("Name").fill("My telephone")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="My telephone")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="My records", level=1)).to_be_visible()
    page.goto("/me/statement")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Prove who you are")


def test_without_scripts_no_passkey_is_offered(desk: Desk, world: World) -> None:
    opened = signed_in(world)
    found = desk.open(language="en", scripts=False)
    found.context.add_cookies(
        [{"name": "holder", "value": opened.token, "url": desk.address, "httpOnly": True}]
    )
    found.goto("/me/passkeys/add")
    expect(found.get_by_text("needs a browser that knows passkeys")).to_be_visible()
    expect(found.get_by_role("button", name="Add the passkey")).to_be_hidden()
    expect(found.get_by_text("Signed in until")).to_be_visible()
    found.goto("/me/cards")
    found.get_by_role("button", name="Stay signed in").click()
    assert found.url.endswith("/me/cards")


def test_the_page_warns_is_lengthened_and_leaves_at_the_end(page: Page) -> None:
    page.clock.install()
    page.goto("/me/requests/leak")
    dialog = page.get_by_role("dialog", name="Are you still there?")
    expect(dialog).to_be_hidden()
    page.get_by_label("What became known").fill("typed so far")
    page.clock.fast_forward("13:30")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("2 min")
    dialog.get_by_role("button", name="Stay signed in").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_label("What became known")).to_have_value("typed so far")
    page.clock.fast_forward("13:30")
    expect(dialog).to_be_visible()
    page.context.clear_cookies(name="holder")  # another window signed out
    page.clock.fast_forward("02:00")
    page.wait_for_url("**/sign-in?again=1")
    expect(page.get_by_text("your session ended")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("typed so far")).to_have_count(0)
