"""What who is signed in does for herself: a second proof, her cards, her electronic card, her records."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from office.access.holders import GOOD, OTHER, telephone
from office.access.test_portal import english, text
from office.cards.world import World, made, workshop
from office.conftest import NOW
from office.country import Country
from shebaoka.office.access.choices import Proof
from shebaoka.office.access.models import PortalSession
from shebaoka.office.access.services import (
    activation_code_make,
    password_choose,
    proof_give,
    recovery_begin,
)
from shebaoka.office.audit.models import Row
from shebaoka.office.base import clock
from shebaoka.office.base.records import writing
from shebaoka.office.cards.models import Card, ElectronicCard
from shebaoka.office.people.models import Person
from shebaoka.office.people.services import Contact, NewFact, fact_note, person_update_contact
from shebaoka.office.people.subjects import choices, target

_STATUS = choices(target("status", "status").item)[0][0]


@pytest.fixture
def world(country: Country, tmp_path: Path) -> Iterator[World]:
    with workshop(tmp_path):
        yield made(country, NOW, clock.now().replace(hour=9))


def her(world: World, *, cards: bool = True) -> Person:
    """Somebody with a card in use, a telephone and a password."""
    if cards:
        world.blanks()
        world.active()
    else:
        world.person()
    person = world.people[0]
    person_update_contact(world.clerk, person=person.pk, contact=Contact(phone="13900000001"))
    code = activation_code_make(world.clerk, person=person.pk)
    begun = recovery_begin(number=person.number)
    proof_give(begun.pk, proof=Proof.COUNTER, answer=code.code)
    password_choose(begun.pk, new=GOOD, told=True)
    return person


def by_digits(person: Person) -> Client:
    client = english()
    assert client.post("/sign-in", {"number": person.number, "password": GOOD})["Location"] == "/me/"
    return client


def stepped_up(client: Client) -> str:
    """By telephone; where the portal leads then."""
    with telephone() as got:
        assert client.post("/me/prove", {"proof": "phone"})["Location"] == "/me/prove/code"
    assert client.post("/me/prove/code", {"code": "1"}).status_code == 422
    code = "".join(each for each in got[0][1] if each.isdigit())
    return str(client.post("/me/prove/code", {"code": code})["Location"])


def by_counter(world: World, client: Client, person: Person) -> None:
    code = activation_code_make(world.clerk, person=person.pk)
    client.post("/me/prove", {"proof": "counter"})
    client.post("/me/prove/code", {"code": code.code})


def test_a_card_is_lost_at_once_and_released_only_by_a_strong_proof(world: World) -> None:
    person = her(world)
    client, card = by_digits(person), Card.objects.get()
    page = text(client.get("/me/cards"))
    assert card.number not in page
    assert card.number[-4:] in page
    client.post(f"/me/cards/{card.pk}/lose")
    card.refresh_from_db()
    assert card.social == "4"
    assert "Report it lost" not in text(client.get("/me/cards"))
    release = f"/me/cards/{card.pk}/release"
    assert client.post(release)["Location"] == "/me/prove"
    assert stepped_up(client) == "/me/"
    assert client.post(release).status_code == 403
    card.refresh_from_db()
    assert card.social == "4"
    by_counter(world, client, person)
    assert client.post(release)["Location"] == "/me/cards"
    card.refresh_from_db()
    assert card.social == "1"
    assert card.events.get(act="lose-temporarily").channel == "portal"


def test_the_card_of_somebody_else_is_not_there(world: World) -> None:
    person = her(world)
    other = world.active()[0]
    client = by_digits(person)
    assert client.post(f"/me/cards/{other.pk}/lose").status_code == 404
    other.refresh_from_db()
    assert other.social == "1"


def test_the_electronic_card(world: World) -> None:
    person = her(world)
    client = by_digits(person)
    assert "You have no electronic card" in text(client.get("/me/electronic"))
    assert client.get("/me/electronic/open")["Location"] == "/me/prove"
    by_counter(world, client, person)
    answer = client.post("/me/electronic/open", {"password": "111111", "again": "111111"})
    assert answer.status_code == 422
    assert not ElectronicCard.objects.exists()
    client.post("/me/electronic/open", {"password": "835207", "again": "835207"})
    assert "data:image/svg" not in text(client.get("/me/electronic"))
    assert client.post("/me/electronic", {"password": "999999"}).status_code == 403
    page = text(client.post("/me/electronic", {"password": "835207"}))
    assert "data:image/svg" in page
    assert "835207" not in page
    client.post("/me/electronic/password", {"password": "408162", "again": "408162"})
    assert "data:image/svg" in text(client.post("/me/electronic", {"password": "408162"}))
    client.post("/me/electronic/close")
    assert ElectronicCard.objects.get().closed_at is not None


def test_card_and_pin_open_the_electronic_card_too(world: World) -> None:
    client = by_digits(her(world))
    with writing("tests.proof"):
        PortalSession.objects.filter(ended_at=None).update(proof=Proof.CARD)
    client.post("/me/electronic/open", {"password": "835207", "again": "835207"})
    assert ElectronicCard.objects.get().closed_at is None


def test_without_a_card_in_use_there_is_no_form_for_an_electronic_card(world: World) -> None:
    client = by_digits(her(world, cards=False))
    page = text(client.get("/me/electronic"))
    assert "It needs a card in use" in page
    assert "/me/electronic/open" not in page


def test_details_need_a_second_proof_that_ends(world: World) -> None:
    person = her(world, cards=False)
    new = NewFact(subject="status", values={"status": _STATUS}, body="示例机构")
    fact_note(world.clerk, person=person.pk, new=new)
    client = by_digits(person)
    assert client.get("/me/records")["Location"] == "/me/prove"
    assert stepped_up(client) == "/me/records"
    page = text(client.get("/me/records"))
    assert "Employment or retirement status" in page
    assert "示例机构" in page
    assert Row.objects.filter(act="access.records.read").exists()
    session = PortalSession.objects.exclude(strong_until=None).first()
    assert session is not None
    with clock.at(session.strong_until or NOW):
        assert client.get("/me/records").status_code == 302


def test_a_step_up_goes_on_under_another_cookie(world: World) -> None:
    client = by_digits(her(world, cards=False))
    before = client.cookies["holder"].value
    stepped_up(client)
    assert client.cookies["holder"].value != before
    assert client.get("/me/records").status_code == 200
    thief = english()
    thief.cookies["holder"] = before
    assert thief.get("/me/").status_code == 302


def test_who_died_is_signed_in_nowhere(world: World) -> None:
    person = her(world, cards=False)
    client = by_digits(person)
    with writing("tests.death"):
        Person.objects.filter(pk=person.pk).update(died_on=clock.today())
    assert client.get("/me/").status_code == 302


def test_a_step_up_does_not_set_a_password(world: World) -> None:
    client = by_digits(her(world, cards=False))
    with telephone():
        client.post("/me/prove", {"proof": "phone"})
    answer = client.post("/sign-in/password", {"new": OTHER, "again": OTHER, "told": "on"})
    assert answer.status_code == 410
