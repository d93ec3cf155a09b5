"""Passkeys of holders, with an authenticator in software: added after a second proof, they sign in alone."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from office.access.holders import GOOD, NUMBER, OTHER, PHONE, changed, holder, telephone
from office.access.test_portal import english, text
from office.country import Country
from office.organizations.authenticator import Authenticator
from office.parameters.deciding import put
from office.people.invented import number
from shebaoka.office.access.choices import Proof
from shebaoka.office.access.models import Account, Message, Passkey, PortalSession, Tally
from shebaoka.office.access.services import passkey_challenge, passkey_offer, passkey_sign_in, sign_in
from shebaoka.office.access.services.resetting import Reset
from shebaoka.office.access.services.sessions import Opened
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.passkeys import Site
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.two_persons import check, propose

SITE = Site("testserver", "http://testserver")


def unfit() -> "pytest.RaisesExc[Refusal]":
    return pytest.raises(Refusal, check=lambda refusal: refusal.code == "access.passkey-unfit")


def strong(country: Country) -> tuple[Client, Opened]:
    """A browser whose session the counter's code opened."""
    _, opened = changed(country)
    client = english()
    client.cookies["holder"] = opened.token
    return client, opened


def added(client: Client, label: str = "Telephone") -> Authenticator:
    device = Authenticator(SITE)
    options = client.post("/me/passkeys/add").content.decode()
    answer = client.post("/me/passkeys/add", {"answer": device.register(options), "label": label})
    assert answer.json() == {"next": "/me/passkeys"}
    return device


def signs_in(device: Authenticator, client: Client) -> int:
    """The status of a sign-in with it."""
    options = client.post("/sign-in/passkey").content.decode()
    return client.post("/sign-in/passkey", {"answer": device.prove(options)}).status_code


def test_it_is_added_and_signs_in_without_number_or_password(country: Country) -> None:
    client, _ = strong(country)
    with telephone() as got:
        device = added(client)
    assert [phone for phone, _ in got] == [PHONE]
    assert "Telephone" in text(client.get("/me/passkeys"))
    other = english()
    options = json.loads(other.post("/sign-in/passkey").content)
    assert options["allowCredentials"] == []
    assert options["userVerification"] == "required"
    assert signs_in(device, other) == 200
    assert NUMBER in text(other.get("/me/"))
    assert other.get("/me/records").status_code == 200
    assert PortalSession.objects.filter(proof=Proof.PASSKEY).count() == 1


def test_digits_alone_add_none(country: Country) -> None:
    changed(country)
    client = english()
    client.post("/sign-in", {"number": NUMBER, "password": GOOD})
    assert client.post("/me/passkeys/add")["Location"] == "/me/prove"
    opened = sign_in(number=NUMBER, password=GOOD)
    assert isinstance(opened, Opened)
    with pytest.raises(Refusal, check=lambda refusal: refusal.code == "access.second-proof"):
        passkey_offer(opened.session, site=SITE)
    assert not Passkey.objects.exists()


def test_it_is_a_second_proof(country: Country) -> None:
    client, _ = strong(country)
    device = added(client)
    digits = english()
    digits.post("/sign-in", {"number": NUMBER, "password": GOOD})
    assert digits.get("/me/records")["Location"] == "/me/prove"
    assert "Prove it with a passkey" in text(digits.get("/me/prove"))
    before = digits.cookies["holder"].value
    options = digits.post("/me/prove/passkey").content.decode()
    answer = digits.post("/me/prove/passkey", {"answer": device.prove(options)})
    assert answer.json() == {"next": "/me/records"}
    assert digits.cookies["holder"].value != before
    assert digits.get("/me/records").status_code == 200


def test_it_switches_digits_on_again(country: Country) -> None:
    client, _ = strong(country)
    device = added(client)
    with writing("tests.off"):
        Account.objects.update(off=True)
    with pytest.raises(Refusal):
        sign_in(number=NUMBER, password=GOOD)
    assert signs_in(device, english()) == 200
    assert not Account.objects.get().off
    assert Tally.objects.get(kind="person").failures == 0
    assert isinstance(sign_in(number=NUMBER, password=GOOD), Opened)


def test_who_forgot_her_password_chooses_a_new_one_with_it(country: Country) -> None:
    client, _ = strong(country)
    device = added(client)
    other = english()
    other.post("/cannot-sign-in", {"number": NUMBER})
    options = other.post("/sign-in/proof/passkey").content.decode()
    answer = other.post("/sign-in/proof/passkey", {"answer": device.prove(options)})
    assert answer.json() == {"next": "/sign-in/password"}
    other.post("/sign-in/password", {"new": OTHER, "again": OTHER, "told": "on"})
    assert isinstance(sign_in(number=NUMBER, password=OTHER), Opened)


def test_it_proves_nobody_else(country: Country) -> None:
    client, _ = strong(country)
    device = added(client)
    holder(country, number=number(sequence=7))
    other = english()
    other.post("/cannot-sign-in", {"number": number(sequence=7)})
    options = other.post("/sign-in/proof/passkey").content.decode()
    assert other.post("/sign-in/proof/passkey", {"answer": device.prove(options)}).status_code == 422
    assert other.get("/sign-in/password").status_code in (200, 410)
    answer = other.post("/sign-in/password", {"new": OTHER, "again": OTHER, "told": "on"})
    assert answer.status_code == 410


def test_a_challenge_serves_once_and_in_its_browser(country: Country) -> None:
    client, _ = strong(country)
    device = added(client)
    challenge, options = passkey_challenge(site=SITE)
    answer = device.prove(options)
    assert isinstance(passkey_sign_in(challenge, site=SITE, answer=answer), Opened)
    with unfit():
        passkey_sign_in(challenge, site=SITE, answer=answer)
    challenge, options = passkey_challenge(site=SITE)
    with clock.at(clock.now() + timedelta(minutes=6)), unfit():
        passkey_sign_in(challenge, site=SITE, answer=device.prove(options))
    thief = english()
    assert thief.post("/sign-in/passkey", {"answer": answer}).status_code == 422


def test_a_copy_another_site_and_an_absent_holder_do_not_fit(country: Country) -> None:
    client, _ = strong(country)
    device = added(client)
    challenge, options = passkey_challenge(site=SITE)
    passkey_sign_in(challenge, site=SITE, answer=device.prove(options))
    challenge, options = passkey_challenge(site=SITE)
    with unfit():
        passkey_sign_in(challenge, site=SITE, answer=device.prove(options, count=1))
    challenge, options = passkey_challenge(site=SITE)
    elsewhere = Site("evil.example", "https://evil.example")
    with unfit():
        passkey_sign_in(challenge, site=elsewhere, answer=device.prove(options))
    challenge, options = passkey_challenge(site=SITE)
    with unfit():  # the device did not look who holds it
        passkey_sign_in(challenge, site=SITE, answer=device.prove(options, verified=False))
    with unfit():
        passkey_sign_in(passkey_challenge(site=SITE)[0], site=SITE, answer="{}")


def test_it_is_renamed_and_removed_by_its_owner_alone(country: Country) -> None:
    client, _ = strong(country)
    device = added(client, "Old telephone")
    passkey = Passkey.objects.get()
    client.post(f"/me/passkeys/{passkey.pk}/name", {"label": "Key on the ring"})
    assert "Key on the ring" in text(client.get("/me/passkeys"))
    stranger = english()
    assert stranger.post(f"/me/passkeys/{passkey.pk}/remove").status_code == 302
    assert signs_in(device, stranger) == 200
    client.post(f"/me/passkeys/{passkey.pk}/remove")
    assert signs_in(device, english()) == 422
    assert "No passkey" in text(client.get("/me/passkeys"))
    told = [each.kind for each in Message.objects.order_by("at")]
    assert told[-2:] == ["sign-in", "passkey-removed"] or "passkey-removed" in told


def test_back_to_the_initial_value_ends_passkeys(country: Country) -> None:
    client, opened = strong(country)
    device = added(client)
    place = country.organizations["980100"]
    put(country, "980100", "enquiry.reset-to-initial", True)
    waiting = propose(
        country.actor("980100", "people.counter-clerk"),
        "access.reset",
        place,
        Reset(opened.session.person.pk, "V1"),
    )
    check(country.actor("980100", "people.counter-supervisor"), waiting.pk)
    assert signs_in(device, english()) == 422
