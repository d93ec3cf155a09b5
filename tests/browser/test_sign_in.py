"""Signing in with a browser: password and application, without scripts; a passkey with the browser's own."""

import re

import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import expect

from browser.looking import Desk
from office.conftest import NOW
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.models import Staff

PASSWORD = "eleven blue umbrellas"
NUMBER = "980100-leader-1"


def code(secret: str) -> str:
    """What an authenticator application shows at the time of the tests."""
    from base64 import b32decode

    from django_otp.oath import TOTP  # type: ignore[import-untyped]

    totp = TOTP(b32decode(secret))
    totp.time = NOW.timestamp()
    return f"{totp.token():06}"


@pytest.fixture
def member(desk: Desk) -> Staff:
    """Somebody with a password and no second factor yet."""
    member = Staff.objects.get(number=NUMBER)
    member.password = make_password(PASSWORD)
    with writing("tests"):
        member.save()
    return member


def test_the_first_sign_in_without_scripts(desk: Desk, member: Staff) -> None:
    page = desk.open(scripts=False)
    page.goto("/desk/organizations/")
    assert "/desk/sign-in" in page.url
    page.get_by_label("Staff number").fill(NUMBER)
    page.get_by_label("Password").fill("guessed")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    page.get_by_label("Staff number").fill(NUMBER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_title(re.compile("Set up your second factor"))
    page.get_by_label("Code of six digits").fill(code(page.locator("code.secret").inner_text()))
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.get_by_role("link", name="I have kept them; continue").click()
    assert page.url.endswith("/desk/organizations/")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/desk/")
    assert "/desk/sign-in" in page.url


def test_a_passkey_is_added_and_signs_in(desk: Desk, member: Staff) -> None:
    page = desk.open("980100", "organizations.leader")
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
    page.goto("/desk/me")
    page.get_by_label("Name").fill("Key of the safe")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("rowheader", name="Key of the safe")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Staff number").fill(NUMBER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="What waits for you", level=1)).to_be_visible()
