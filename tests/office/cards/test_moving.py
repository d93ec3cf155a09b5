"""Who moves to another province exchanges her card there; within a province it goes on."""

import pytest

from office.cards.world import AGENCY, ORDER, World
from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards import services
from shebaoka.office.cards.choices import ApplicationKind, Reason
from shebaoka.office.cards.models import Application
from shebaoka.office.people.models import Person
from shebaoka.office.people.services import transfer_ask, transfer_release
from shebaoka.personalization.product import CardProduct

OTHER = "990100"


def move(world: World, person: Person) -> None:
    clerk = world.country.actor(OTHER, "people.counter-clerk")
    wanted = transfer_ask(
        clerk,
        agency=world.country.organizations[OTHER],
        number=person.number,
        name=person.name,
        why="到乙市就业参保",
    )
    transfer_release(world.by(AGENCY, "people.counter-supervisor"), transfer=wanted.pk)


def test_nobody_moves_while_a_card_is_under_way(world: World) -> None:
    person = world.person()
    world.applied(person)
    with pytest.raises(Refusal) as refusal:
        move(world, person)
    assert refusal.value.code == "cards.applied"
    person.refresh_from_db()
    assert person.agency == world.agency


def test_her_card_is_exchanged_in_the_other_province(world: World) -> None:
    world.blanks()
    (card,) = world.active()
    assert card.person is not None
    move(world, card.person)
    card.refresh_from_db()
    assert (card.social, card.plastic) == ("1", "held")  # serves until the new one is handed out
    there = world.country.organizations[OTHER]
    world.rule("cards.financial", False, OTHER)
    services.product_record(
        world.country.actor(OTHER, "organizations.issuing-clerk"),
        organization=OTHER,
        code="SSC-2",
        name="二代卡",
        order=ORDER,
        making=CardProduct(name="2.0 3DES"),
        photo=False,
    )
    clerk = world.country.actor(OTHER, "people.counter-clerk")
    wanted = world.wanted(kind=ApplicationKind.NEW, outlet=OTHER)
    with pytest.raises(Refusal) as refusal:
        services.application_take(clerk, person=card.person.pk, new=wanted)
    assert refusal.value.code == "cards.has-card"
    wanted = world.wanted(kind=ApplicationKind.EXCHANGE, reason=Reason.MOVED, outlet=OTHER, bank="")
    taken = services.application_take(clerk, person=card.person.pk, new=wanted)
    assert (taken.organization, taken.old_card) == (there, card.number)


def test_within_a_province_the_card_goes_on(world: World) -> None:
    world.blanks()
    (card,) = world.active()
    assert card.person is not None
    with pytest.raises(Refusal) as refusal:
        world.applied(card.person, kind=ApplicationKind.EXCHANGE, reason=Reason.MOVED)
    assert refusal.value.code == "cards.kind-and-reason"
    assert not Application.objects.filter(reason=Reason.MOVED).exists()
