"""Card and PIN as a key of the portal: proved by chip and vault, once, for this sign-in, by her own card."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from office.access.holders import GOOD
from office.cards.world import World, card_of, made, workshop
from office.conftest import NOW
from office.country import Country
from shebaoka.office.access import card_proof
from shebaoka.office.access.choices import Proof
from shebaoka.office.access.models import PortalSession, SignInBegun
from shebaoka.office.access.services import (
    activation_code_make,
    card_challenge,
    card_sign_in,
    card_sign_in_begin,
    is_stepped_up,
    password_choose,
    proof_give,
    recovery_begin,
    sign_in,
    step_up,
    step_up_begin,
)
from shebaoka.office.access.services.sessions import Opened
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards import services
from shebaoka.office.cards.chip.pins import serve_pin
from shebaoka.office.cards.choices import Proof as Shown
from shebaoka.office.cards.models import Card
from shebaoka.office.cards.services import PinService
from shebaoka.terminal import pin
from shebaoka.terminal.holder import answer
from shebaoka.terminal.preprocess import identify
from shebaoka.terminal.settings import Settings

PIN = "482915"


@pytest.fixture
def world(country: Country, tmp_path: Path) -> Iterator[World]:
    with workshop(tmp_path):
        found = made(country, NOW, NOW + timedelta(hours=8))
        found.blanks()
        yield found


def with_pin(world: World, card: Card) -> Card:
    reader = world.reader(card)
    serve_pin(
        world.clerk, card_of(card.pk), PinService.RESET, reader, proof=Shown.IDENTITY, new=PIN, again=PIN
    )
    return card_of(card.pk)


@pytest.fixture
def card(world: World) -> Card:
    return with_pin(world, world.active()[0])


def answered(world: World, card: Card, challenge: bytes, code: str = PIN) -> str:
    session = identify(world.reader(card), None, Settings())
    session.pin = pin.state(session)
    return answer(session, challenge, code).text


def number_of(card: Card) -> str:
    assert card.person is not None
    return card.person.number


def chosen(world: World, card: Card) -> None:
    """A password of her own."""
    assert card.person is not None
    code = activation_code_make(world.clerk, person=card.person.pk)
    begun = recovery_begin(number=number_of(card))
    proof_give(begun.pk, proof=Proof.COUNTER, answer=code.code)
    password_choose(begun.pk, new=GOOD, told=True)


def test_card_and_pin_finish_a_first_sign_in_past_the_date(world: World, card: Card) -> None:
    begun = recovery_begin(number=number_of(card))
    assert begun.strong_only
    given = answered(world, card, card_challenge(begun.pk))
    assert proof_give(begun.pk, proof=Proof.CARD, answer=given).proven_by == Proof.CARD
    opened = password_choose(begun.pk, new=GOOD, told=True)
    assert opened.session.masked_until is None
    assert is_stepped_up(opened.session)


def test_an_answer_serves_once_and_for_its_own_sign_in(world: World, card: Card) -> None:
    first, second = recovery_begin(number=number_of(card)), recovery_begin(number=number_of(card))
    given = answered(world, card, card_challenge(first.pk))
    other = card_challenge(second.pk)
    refused(second, given)  # of another sign-in; its own challenge is used up by that
    refused(second, answered(world, card, other))
    given = answered(world, card, card_challenge(first.pk))
    newer = card_challenge(first.pk)
    refused(first, given)  # a newer challenge has taken its place
    refused(first, answered(world, card, newer))
    refused(first, "")
    begun = SignInBegun.objects.get(pk=first.pk)
    assert (begun.proven_by, bytes(begun.challenge)) == ("", b"")


def test_another_card_proves_nothing(world: World, card: Card) -> None:
    hers = with_pin(world, world.active()[0])
    begun = recovery_begin(number=number_of(card))
    refused(begun, answered(world, hers, card_challenge(begun.pk)))
    nobody = recovery_begin(number="11010519491231002X")
    refused(nobody, answered(world, hers, card_challenge(nobody.pk)))


def test_no_pin_no_key(world: World, card: Card) -> None:
    """A page that says the PIN was verified, a card without a PIN, a wrong PIN."""
    begun = recovery_begin(number=number_of(card))
    asked = card_challenge(begun.pk)
    code, historical, *rest = answered(world, card, asked).split("|")
    half = "|".join([code, historical, *rest[:3], "0" * 64, ""])
    refused(begun, half)
    session = identify(world.reader(card), None, Settings())
    session.pin = pin.state(session)
    pin.change(session, PIN, "111999", "111999")
    pin.remove(session, "111999")
    bare = world.active()[0]
    unknown = card_of(bare.pk)
    begun = recovery_begin(number=number_of(unknown))
    reader = world.reader(unknown)
    open_card = identify(reader, None, Settings())
    pin.change(open_card, "", PIN, PIN)  # at home: the register does not know of it
    refused(begun, answered(world, unknown, card_challenge(begun.pk)), "access.card-without-pin")


@pytest.mark.parametrize("ends", ["lost", "cancelled"])
def test_a_card_that_is_lost_or_over_is_refused(world: World, card: Card, ends: str) -> None:
    if ends == "lost":
        services.loss_temporary(world.clerk, card=card.pk, proof=Shown.TELEPHONE)
    else:
        services.card_cancel(
            world.clerk, card=card.pk, ground=services.Ground.LEFT, proof=Shown.IDENTITY, recovered=True
        )
    begun = card_sign_in_begin()
    given = answered(world, card, card_challenge(begun.pk))
    with pytest.raises(Refusal) as caught:
        card_sign_in(begun.pk, answer=given)
    assert caught.value.code == "access.card-refused"
    assert PortalSession.objects.count() == 0


def test_a_card_is_no_key_after_its_last_day(world: World, card: Card) -> None:
    assert card_proof.refused(card) == ""
    with clock.at(NOW + timedelta(days=365 * 30)):
        assert card_proof.refused(card) == card_proof.REFUSED


def test_signing_in_with_the_card_alone(world: World, card: Card) -> None:
    chosen(world, card)
    begun = card_sign_in_begin(address="192.0.2.7")
    opened = card_sign_in(begun.pk, answer=answered(world, card, card_challenge(begun.pk)))
    assert isinstance(opened, Opened)
    assert opened.session.person == card.person
    assert is_stepped_up(opened.session)
    with pytest.raises(Refusal):
        card_sign_in(begun.pk, answer="")


def test_who_never_chose_a_password_chooses_one_first(world: World, card: Card) -> None:
    begun = card_sign_in_begin()
    found = card_sign_in(begun.pk, answer=answered(world, card, card_challenge(begun.pk)))
    assert isinstance(found, SignInBegun)
    opened = password_choose(found.pk, new=GOOD, told=True)
    assert opened.session.proof == Proof.CARD


def test_stepping_up(world: World, card: Card) -> None:
    chosen(world, card)
    opened = sign_in(number=number_of(card), password=GOOD)
    assert isinstance(opened, Opened)
    assert not is_stepped_up(opened.session)
    begun = step_up_begin(opened.session)
    again = step_up(
        opened.session, begun.pk, proof=Proof.CARD, answer=answered(world, card, card_challenge(begun.pk))
    )
    assert is_stepped_up(again.session)


def test_the_pages(world: World, card: Card) -> None:
    chosen(world, card)
    client = Client(headers={"accept-language": "en"})
    assert client.post("/sign-in/card/begin")["Location"] == "/sign-in/card"
    page = client.get("/sign-in/card")
    policy = page["Content-Security-Policy"]
    assert "connect-src 'self' ws://127.0.0.1:12342" in policy
    assert "unsafe" not in policy
    assert b"shebaoka-reader.js" in page.content
    challenge = page.context["challenge"]
    assert client.post("/sign-in/card", {"code": ""}).status_code == 422
    page = client.get("/sign-in/card")
    assert page.context["challenge"] != challenge
    given = answered(world, card, bytes.fromhex(page.context["challenge"]))
    assert client.post("/sign-in/card", {"code": given})["Location"] == "/me/"
    assert client.get("/me/").status_code == 200


def refused(begun: SignInBegun, given: str, code: str = "access.proof-wrong") -> None:
    with pytest.raises(Refusal) as caught:
        proof_give(begun.pk, proof=Proof.CARD, answer=given)
    assert caught.value.code == code
