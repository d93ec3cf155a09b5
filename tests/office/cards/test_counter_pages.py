"""Pages of the counter and the card centre: electronic card, destruction with its certificate, products."""

from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader

from office.cards.world import AGENCY, CITY, ORDER, World, card_of
from office.pages import of
from shebaoka.office.cards import services
from shebaoka.office.cards.choices import Proof
from shebaoka.office.cards.models import Card, ElectronicCard, Product, Stock
from shebaoka.office.cards.services import Ground
from shebaoka.office.organizations.models import Staff, TwoPersonAct
from shebaoka.office.organizations.two_persons import check

HOME = "/desk/cards/"
PASSWORD = "835207"


def client(code: str, role: str, language: str = "en") -> Client:
    return of(Staff.objects.get(number=f"{code}-{role}-1"), language)


@pytest.fixture
def card(world: World) -> Card:
    world.blanks()
    return world.active()[0]


def test_an_electronic_card_is_opened_reset_and_closed_at_the_counter(world: World, card: Card) -> None:
    web, place = client(AGENCY, "counter-clerk"), f"{HOME}card/{card.pk}/electronic"
    assert "electronic-open" in web.get(place).content.decode()
    typed = {"proof": "identity", "password": PASSWORD, "again": "835208"}
    assert web.post(f"{place}-open", typed).status_code == 422
    assert not ElectronicCard.objects.exists()
    typed["again"] = PASSWORD
    assert web.post(f"{place}-open", typed | {"proof": "pin"}).status_code == 422
    assert web.post(f"{place}-open", typed).status_code == 302
    page = web.get(place).content.decode()
    assert "electronic-reset" in page
    assert "electronic-open" not in page
    assert PASSWORD not in page
    assert web.post(f"{place}-reset", typed).status_code == 302
    assert web.post(f"{place}-close", {"proof": "identity"}).status_code == 302
    assert ElectronicCard.objects.get().closed_at is not None


def test_a_code_shown_at_the_counter_is_taken_once(world: World, card: Card) -> None:
    assert card.person is not None
    person = card.person.pk
    services.electronic_open(world.clerk, person=person, password=PASSWORD, proof=Proof.IDENTITY)
    token = services.electronic_qr(world.job(), person=person, password=PASSWORD)
    web = client(AGENCY, "counter-clerk")
    answer = web.post(f"{HOME}electronic/verify", {"token": token})
    assert "Valid" in answer.content.decode()
    assert card.person.number not in answer.content.decode()
    assert web.post(f"{HOME}electronic/verify", {"token": token}).status_code == 409


def test_recovered_cards_are_counted_destroyed_and_certified(world: World, card: Card) -> None:
    ground = Ground.RETURNED
    services.card_cancel(world.clerk, card=card.pk, ground=ground, proof=Proof.IDENTITY, recovered=True)
    web = client(CITY, "issuing-clerk")
    place = f"{HOME}destruction/{CITY}/propose"
    assert card.code in web.get(place).content.decode()
    assert web.post(place, {"counted": "2", "certificate": "销毁-1"}).status_code == 409
    assert not TwoPersonAct.objects.filter(act="cards.card.destroy").exists()
    assert web.post(place, {"counted": "1", "certificate": "销毁-1"}).status_code == 302
    assert card_of(card.pk).plastic == "recovered"
    waiting = TwoPersonAct.objects.get(act="cards.card.destroy")
    assert web.get(f"{HOME}destruction/{waiting.pk}.pdf").status_code == 404
    check(world.by(CITY, "organizations.leader"), waiting.pk)
    assert card_of(card.pk).plastic == "destroyed"
    assert "销毁-1" in web.get(f"{HOME}destruction").content.decode()
    paper = web.get(f"{HOME}destruction/{waiting.pk}.pdf")
    words = "".join(page.extract_text() for page in PdfReader(BytesIO(paper.content)).pages)
    words = words.replace("\0", "").replace("\n", "")
    assert card.code in words
    assert "监销" in words
    assert card.person is not None
    assert card.person.name not in words


def test_blanks_are_what_their_movements_say(world: World, card: Card) -> None:
    web = client(CITY, "issuing-clerk")
    page = web.get(f"{HOME}stock/{Stock.objects.get().pk}").content.decode()
    assert "20 = 1 + 0 + 19" in page
    assert page.count("<tr>") == 3


def test_a_product_is_recorded_as_the_approval_has_it(world: World) -> None:
    web, place = client(CITY, "issuing-clerk"), f"{HOME}products/record"
    body = {"organization": CITY, "code": "SSC-3", "name": "二代卡乙"}
    page = web.post(place, {**body, "_step": "body"}).content.decode()
    assert f'value="{ORDER.face}"' in page
    order = {name: getattr(ORDER, name) for name in ORDER.__struct_fields__}
    making = {"algorithm": "3DES", "medium": "composite", "valid_years": "10", "vendor": "0081010203"}
    making |= {"maker": "1234", "phone": "12333"}
    answers = {**body, **order, **making, "_answered": ["body", "order", "making"], "_act": "confirm"}
    assert web.post(place, answers).status_code == 422
    made = web.post(place, answers | {"medium": "contact"})
    assert made.status_code == 302
    assert Product.objects.get(code="SSC-3").order["face"] == ORDER.face
    assert ORDER.face in web.get(made["location"]).content.decode()
    assert web.post(place, answers | {"medium": "contact"}).status_code == 409
