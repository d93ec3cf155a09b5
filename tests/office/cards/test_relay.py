"""A deed of the office drives the card in a reader through the page: nothing twice, for nobody else."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.test import Client

from office.cards.test_instant import blank
from office.cards.test_pages import client
from office.cards.world import AGENCY, BANK, World, card_of
from shebaoka.office.audit.models import Row
from shebaoka.office.cards.chip.sessions import card_in
from shebaoka.office.cards.choices import Making
from shebaoka.office.cards.models import Card
from shebaoka.office.cards.relay import meeting
from shebaoka.office.cards.relay.meeting import CrowdedError, Meeting, knock
from shebaoka.office.cards.relay.reading import RelayReader
from shebaoka.office.cards.relay.wire import Order, Told
from shebaoka.office.people.services import Contact, person_update_contact
from shebaoka.reader.base import CardAbsentError, Reader

OWNER = "a" * 64
REFUSED = 409
BANK_CARD = "622123456789013"


class Page:
    """Fetches orders and hands them to a reader, until there are no more."""

    def __init__(self, channel: UUID, owner: str, reader: Reader) -> None:
        self.channel, self.owner, self.reader = channel, owner, reader
        self.orders: list[str] = []

    def run(self, stop: threading.Event) -> None:
        told = Told()
        while not stop.is_set():
            order = knock(self.channel, self.owner, told)
            if order.do == "over":
                return
            if order.do == "wait":
                stop.wait(0.005)
                continue
            self.orders.append(order.do)
            told = Told(order.number, *self.obey(order))

    def obey(self, order: Order) -> tuple[str, str]:
        try:
            if order.do == "power":
                return self.reader.reset().hex(), ""
            if order.do == "transmit":
                return self.reader.transmit(bytes.fromhex(order.command)).hex(), ""
            self.reader.close()
        except OSError as error:
            return "", str(error)
        return "", ""


@contextmanager
def looking(page: Page) -> Iterator[Page]:
    stop = threading.Event()
    thread = threading.Thread(target=page.run, args=(stop,))
    thread.start()
    try:
        yield page
    finally:
        stop.set()
        thread.join()


def owner_of(web: Client) -> str:
    return sha256(web.cookies[settings.SESSION_COOKIE_NAME].value.encode()).hexdigest()


@contextmanager
def beside(web: Client, reader: Reader, owner: str = "") -> Iterator[tuple[dict[str, str], Page]]:
    """A page of a clerk with a card in her reader, and the header of its forms."""
    page = Page(uuid4(), owner or owner_of(web), reader)
    with looking(page):
        yield {"X-Card-Channel": page.channel.hex}, page


@pytest.fixture
def card(world: World) -> Card:
    world.blanks()
    return card_of(world.active()[0].pk)


@pytest.fixture
def clerk(world: World) -> Client:
    return client(AGENCY, "counter-clerk")


def test_inserting_the_card(world: World, card: Card, clerk: Client) -> None:
    with beside(clerk, world.reader(card)) as (headers, page):
        answer = clerk.post("/desk/cards/insert", headers=headers)
    assert (answer.status_code, answer["X-Location"]) == (200, f"/desk/cards/card/{card.pk}")
    assert "Location" not in answer
    assert page.orders.count("power") == 2
    assert Row.objects.filter(act="cards.card.show").count() == 1
    assert "credential of this visit" in clerk.get(answer["X-Location"]).content.decode()


def test_a_copy_is_not_taken(world: World, card: Card, clerk: Client) -> None:
    """A page that answers what it likes to INTERNAL AUTHENTICATE."""

    class Copy(Page):
        def obey(self, order: Order) -> tuple[str, str]:
            return ("00" * 8 + "9000", "") if order.command.startswith("0088") else super().obey(order)

    page = Copy(uuid4(), owner_of(clerk), world.reader(card))
    with looking(page):
        answer = clerk.post("/desk/cards/insert", headers={"X-Card-Channel": page.channel.hex})
    assert answer.status_code == REFUSED
    assert not Row.objects.filter(act="cards.card.show").exists()


def test_what_waits_is_written_through_the_page(world: World, card: Card, clerk: Client) -> None:
    assert card.person is not None
    person_update_contact(world.clerk, person=card.person.pk, contact=Contact(phone="13900000000"))
    with beside(clerk, world.reader(card)) as (headers, _):
        answer = clerk.post(f"/desk/cards/card/{card.pk}/sync", {"confirmed": "on"}, headers=headers)
    assert answer["X-Location"] == f"/desk/cards/card/{card.pk}"
    assert not card.updates.filter(status="waiting").exists()
    with beside(clerk, world.reader(card)) as (headers, _):
        page = clerk.post(f"/desk/cards/card/{card.pk}/compare", headers=headers).content.decode()
    assert "13900000000" in page
    assert "Differs" not in page


def test_the_pin_is_served_through_the_page(world: World, card: Card, clerk: Client) -> None:
    with beside(clerk, world.reader(card)) as (headers, _):
        new = {"old": "", "new": "482915", "again": "482915"}
        assert "X-Location" in clerk.post(f"/desk/cards/card/{card.pk}/pin", new, headers=headers)
    with beside(clerk, world.reader(card)) as (headers, _):
        wrong = {"old": "000000", "new": "482916", "again": "482916"}
        answer = clerk.post(f"/desk/cards/card/{card.pk}/pin", wrong, headers=headers)
    assert answer.status_code == REFUSED
    assert "482916" not in answer.content.decode()


def test_another_card_is_not_served(world: World, card: Card, clerk: Client) -> None:
    other = card_of(world.active()[0].pk)
    with beside(clerk, world.reader(other)) as (headers, _):
        answer = clerk.post(f"/desk/cards/card/{card.pk}/compare", headers=headers)
    assert answer.status_code == REFUSED
    assert card.number in answer.content.decode().replace("-", "")


def test_only_pages_of_the_same_web_session_come_to_a_deed(
    world: World, card: Card, clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meeting, "PATIENCE", 0.2)
    with beside(clerk, world.reader(card), OWNER) as (headers, page):
        assert clerk.post("/desk/cards/insert", headers=headers).status_code == REFUSED
    assert page.orders == []


def test_the_address_of_a_page_asks_for_nothing_of_others(clerk: Client) -> None:
    where = f"/desk/cards/reader/{uuid4().hex}"
    told = json.dumps({"number": 0, "answer": "", "trouble": ""})
    assert clerk.post(where, told, content_type="application/json").json()["do"] == "wait"
    for wrong in ("", "[]", '{"number": "x"}', '{"more": 1}'):
        assert clerk.post(where, wrong, content_type="application/json").status_code == 400
    assert clerk.get(where).status_code == 405
    checked = Client(enforce_csrf_checks=True)
    assert checked.post(where, told, content_type="application/json").status_code == 403


def test_an_order_is_handed_over_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meeting, "STAY", 0.05)
    channel = uuid4()
    deed = Meeting(channel, OWNER)
    got: list[str] = []
    thread = threading.Thread(target=lambda: got.append(RelayReader(deed).reset().hex()))
    thread.start()
    try:
        assert knock(channel, OWNER, Told()).do == "power"
        assert knock(channel, OWNER, Told()).do == "over"  # its answer got lost: the card is not asked again
        assert knock(channel, OWNER, Told(2, "9000")).do == "over"
        assert knock(channel, "b" * 64, Told(1, "3B00")).do == "over"
        answering = threading.Thread(target=lambda: knock(channel, OWNER, Told(1, "3B00")))
        answering.start()
        thread.join(5)
    finally:
        deed.end()
    answering.join(5)
    assert got == ["3b00"]


def test_a_page_that_was_closed_ends_the_deed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meeting, "PATIENCE", 0.05)
    deed = Meeting(uuid4(), OWNER)
    try:
        with pytest.raises(CardAbsentError):
            RelayReader(deed).reset()
    finally:
        deed.end()


def test_a_server_process_keeps_threads_for_others() -> None:
    deeds = [Meeting(uuid4(), OWNER) for _ in range(meeting.MOST)]
    try:
        with pytest.raises(CrowdedError):
            Meeting(uuid4(), OWNER)
    finally:
        for deed in deeds:
            deed.end()
    Meeting(uuid4(), OWNER).end()


def test_a_blank_becomes_the_card_of_who_waits(world: World, clerk: Client) -> None:
    """With the account that her bank opened meanwhile; what was made lies in the clerk's reader."""
    world.blanks()
    application = world.applied(making=Making.INSTANT, bank=BANK)
    where = f"/desk/cards/applications/{application.number}/instant"
    empty = blank()
    with beside(clerk, empty) as (headers, _):
        wrong = clerk.post(where, {"confirmed": "on", "bank_card": "622123456789012"}, headers=headers)
        assert wrong.status_code == 422
        answer = clerk.post(where, {"confirmed": "on", "bank_card": BANK_CARD}, headers=headers)
    made = Card.objects.get()
    assert answer["X-Location"] == f"/desk/cards/card/{made.pk}"
    assert (made.plastic, made.bank_card) == ("made", BANK_CARD)
    assert card_in(empty).pk == made.pk
