"""A card in the reader is the credential; its PIN is a proof, for the same clerk and ten minutes."""

from datetime import timedelta

import pytest

from office.cards.world import AGENCY, CLERK, World
from office.conftest import NOW
from shebaoka.office.audit.models import Row
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards import services
from shebaoka.office.cards.chip.pins import serve_pin
from shebaoka.office.cards.chip.proving import inserted, prove_pin
from shebaoka.office.cards.choices import Proof
from shebaoka.office.cards.models import Card, ElectronicCard, Event
from shebaoka.office.cards.services import PinService
from shebaoka.office.organizations.actor import Actor

PASSWORD, PIN = "835207", "135790"


@pytest.fixture
def card(world: World) -> Card:
    world.blanks()
    found = world.active()[0]
    reader = world.reader(found)
    proof = Proof.IDENTITY
    serve_pin(world.clerk, found, PinService.CHANGE, reader, proof=proof, new=PIN, again=PIN)
    return found


def opened(clerk: Actor, card: Card) -> ElectronicCard:
    assert card.person_id is not None
    return services.electronic_open(clerk, person=card.person_id, password=PASSWORD, proof=Proof.PIN)


def test_a_card_that_was_put_in_is_noted_as_the_credential(world: World, card: Card) -> None:
    assert inserted(world.clerk, world.reader(card)) == card
    assert Row.objects.latest("id").act == "cards.card.show"


def test_card_and_pin_open_an_electronic_card(world: World, card: Card) -> None:
    with pytest.raises(Refusal) as refusal:
        opened(world.clerk, card)
    assert refusal.value.code == "cards.pin-not-shown"
    assert not ElectronicCard.objects.exists()
    assert prove_pin(world.clerk, card, world.reader(card), PIN) is Proof.PIN
    assert opened(world.clerk, card).card == card


def test_a_wrong_pin_proves_nothing_and_is_told_by_the_card(world: World, card: Card) -> None:
    before = Event.objects.count()
    with pytest.raises(Refusal) as refusal:
        prove_pin(world.clerk, card, world.reader(card), "000001")
    assert refusal.value.code == "cards.pin"
    assert Event.objects.count() == before
    with pytest.raises(Refusal):
        opened(world.clerk, card)


def test_the_proof_is_the_clerks_own_and_ends(
    world: World, card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    prove_pin(world.clerk, card, world.reader(card), PIN)
    with pytest.raises(Refusal):
        opened(world.by(AGENCY, CLERK, 2), card)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=11))
    with pytest.raises(Refusal):
        opened(world.clerk, card)
    assert not ElectronicCard.objects.exists()
