"""Passkeys: proved with the private key, for this site and this challenge, once."""

from datetime import timedelta

import pytest

from office.conftest import NOW
from office.country import Country
from office.organizations.authenticator import Authenticator
from office.organizations.credentials import NUMBER, PASSWORD, enrolled
from office.organizations.test_sign_in import refused
from shebaoka.office.audit.models import Bypass
from shebaoka.office.base import clock
from shebaoka.office.base.passkeys import Site
from shebaoka.office.organizations.models import Passkey, SignIn
from shebaoka.office.organizations.services import (
    passkey_add,
    passkey_challenge,
    passkey_close,
    passkey_offer,
    second_factor_passkey,
    sign_in,
)

SITE = Site("office.example", "https://office.example")
ELSEWHERE = Site("evil.example", "https://evil.example")


@pytest.fixture
def key(country: Country) -> Authenticator:
    """A passkey of the custodian."""
    enrolled(country)
    actor = country.actor("980100", "organizations.key-custodian")
    made = Authenticator(SITE)
    passkey_add(actor, site=SITE, answer=made.register(passkey_offer(actor, site=SITE)), label="桌面")
    return made


def test_a_passkey_is_a_second_factor(key: Authenticator) -> None:
    ticket = sign_in(number=NUMBER, password=PASSWORD)
    answer = key.prove(passkey_challenge(ticket.pk, site=SITE))
    assert second_factor_passkey(ticket.pk, site=SITE, answer=answer).number == NUMBER
    assert Passkey.objects.get().count == 1
    assert not Bypass.objects.exists()


def test_an_answer_is_good_once_and_for_its_challenge_only(key: Authenticator) -> None:
    ticket = sign_in(number=NUMBER, password=PASSWORD)
    old = key.prove(passkey_challenge(ticket.pk, site=SITE))
    passkey_challenge(ticket.pk, site=SITE)
    with refused("organizations.factor-wrong"):
        second_factor_passkey(ticket.pk, site=SITE, answer=old)
    with refused("organizations.factor-wrong"):
        second_factor_passkey(ticket.pk, site=SITE, answer=old)
    late = key.prove(passkey_challenge(ticket.pk, site=SITE))
    with clock.at(NOW + timedelta(minutes=6)), refused("organizations.factor-wrong"):
        second_factor_passkey(ticket.pk, site=SITE, answer=late)
    assert not SignIn.objects.filter(pk=ticket.pk, finished_at__isnull=False).exists()


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", '{"rawId": 5}', '{"rawId": "AAAA"}', "\udcff"])
def test_what_is_no_answer_is_refused(key: Authenticator, answer: str) -> None:
    ticket = sign_in(number=NUMBER, password=PASSWORD)
    passkey_challenge(ticket.pk, site=SITE)
    with refused("organizations.factor-wrong"):
        second_factor_passkey(ticket.pk, site=SITE, answer=answer)


def test_another_site_another_key_and_a_copy_are_refused(key: Authenticator) -> None:
    ticket = sign_in(number=NUMBER, password=PASSWORD)
    key.site = ELSEWHERE
    with refused("organizations.factor-wrong"):
        second_factor_passkey(ticket.pk, site=SITE, answer=key.prove(passkey_challenge(ticket.pk, site=SITE)))
    key.site = SITE
    stranger = Authenticator(SITE)
    stranger.credential = key.credential
    with refused("organizations.factor-wrong"):
        answer = stranger.prove(passkey_challenge(ticket.pk, site=SITE))
        second_factor_passkey(ticket.pk, site=SITE, answer=answer)
    second_factor_passkey(ticket.pk, site=SITE, answer=key.prove(passkey_challenge(ticket.pk, site=SITE)))
    again = sign_in(number=NUMBER, password=PASSWORD)
    with refused("organizations.factor-wrong"):
        copy = key.prove(passkey_challenge(again.pk, site=SITE), count=1)
        second_factor_passkey(again.pk, site=SITE, answer=copy)


def test_a_passkey_for_another_site_or_without_an_offer_is_not_added(country: Country) -> None:
    enrolled(country)
    actor = country.actor("980100", "organizations.key-custodian")
    offer = passkey_offer(actor, site=SITE)
    with refused("organizations.passkey-unfit"):
        passkey_add(actor, site=SITE, answer=Authenticator(ELSEWHERE).register(offer), label="")
    other = country.actor("980100", "organizations.key-custodian", 2)
    with refused("organizations.passkey-unfit"):
        passkey_add(other, site=SITE, answer=Authenticator(SITE).register(offer), label="")
    with refused("organizations.passkey-unfit"):
        passkey_add(actor, site=SITE, answer="null", label="")
    assert not Passkey.objects.exists()


def test_a_closed_passkey_proves_nothing_and_nobody_closes_anothers(
    country: Country, key: Authenticator
) -> None:
    made = Passkey.objects.get()
    with refused("base.not-found"):
        passkey_close(country.actor("980100", "organizations.leader"), id=made.pk)
    passkey_close(country.actor("980100", "organizations.key-custodian"), id=made.pk)
    ticket = sign_in(number=NUMBER, password=PASSWORD)
    with refused("organizations.factor-wrong"):
        second_factor_passkey(ticket.pk, site=SITE, answer=key.prove(passkey_challenge(ticket.pk, site=SITE)))
