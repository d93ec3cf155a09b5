"""Messages to a holder, the language she chose, and the end of her session."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from office.access.holders import GOOD, NUMBER, OTHER, PHONE, changed, telephone
from office.access.test_portal import english, text
from office.access.test_signed_in import by_digits, her, world
from office.cards.world import World
from office.country import Country
from shebaoka.office.access.models import Account, Message, PortalSession
from shebaoka.office.access.services import correction_answer, correction_ask, leak_tell, tell
from shebaoka.office.access.telling import filled, kinds, named_by
from shebaoka.office.audit.models import Bypass
from shebaoka.office.base import clock
from shebaoka.office.base.records import writing
from shebaoka.office.cards.models import Card
from shebaoka.office.people.services import Contact, person_update_contact

__all__ = ["world"]


def signed_in(language: str = "en") -> Client:
    client = Client(
        headers={"accept-language": language, "user-agent": "Mozilla/5.0 (Windows) Firefox/140.0"}
    )
    assert client.post("/sign-in", {"number": NUMBER, "password": GOOD}).status_code == 302
    return client


def test_every_message_names_the_same_in_each_language() -> None:
    for kind in kinds():
        assert filled(kind, dict.fromkeys(named_by(kind), "7"))


def test_a_message_holds_what_its_words_name_and_nothing_else(country: Country) -> None:
    person, _ = changed(country)
    with pytest.raises(ValueError, match="names"):
        tell(person, "password-changed", password=GOOD)
    with pytest.raises(KeyError):
        tell(person, "no-such-kind")


def test_a_new_browser_is_told_once_and_read_once(country: Country) -> None:
    changed(country)
    client = signed_in()
    assert Message.objects.filter(kind="sign-in", read_at=None).count() == 2  # the first, and this one
    assert " new</strong>" in text(client.get("/me/"))
    page = text(client.get("/me/messages"))
    assert page.count("A sign-in from a browser that was not used before") == 2
    assert page.count(">New</strong>") == Message.objects.count()
    assert not Message.objects.filter(read_at=None).exists()
    assert ">New</strong>" not in text(client.get("/me/messages"))
    assert " new</strong>" not in text(client.get("/me/"))
    signed_in()
    assert Message.objects.filter(kind="sign-in").count() == 2
    assert not Bypass.objects.exists()


def test_a_message_stays_as_it_was_written(country: Country) -> None:
    changed(country)
    later = clock.now() + timedelta(days=1)
    changes: tuple[dict[str, Any], ...] = ({"kind": "sign-in"}, {"values": {}}, {"at": later})
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic(), writing("tests.change"):
            Message.objects.filter(kind="code-made").update(**change)
    with pytest.raises(DatabaseError), transaction.atomic(), writing("tests.removal"):
        Message.objects.all().delete()


def test_what_staff_decide_is_told(country: Country) -> None:
    person, opened = changed(country)
    asked = correction_ask(opened.session, wrong="telephone", right="13900000002")
    clerk = country.actor("980100", "people.counter-clerk")
    correction_answer(clerk, request=asked.pk, done=True, answer="done")
    person_update_contact(clerk, person=person.pk, contact=Contact(phone="13900000002"))
    leak_tell(opened.session, told="x")
    client = english()
    client.cookies["holder"] = opened.token
    page = text(client.get("/me/messages"))
    assert "Your request for a correction, “telephone”, was settled" in page
    assert "made an activation code for you, valid for 72 hours" in page
    assert "13900000002" not in page
    assert "Notices of responsibilities" in page
    assert "you answer for it" in page


def test_steps_of_a_card_are_told(world: World) -> None:
    person = her(world)
    client, card = by_digits(person), Card.objects.get()
    client.post(f"/me/cards/{card.pk}/lose")
    page = text(client.get("/me/messages"))
    assert f"Your card ending in {card.number[-4:]} was reported lost for a time" in page
    assert f"Your card ending in {card.number[-4:]} was activated" in page
    assert card.number not in page


def test_her_language_is_remembered_and_written_in(country: Country) -> None:
    changed(country)
    client = signed_in()
    client.post("/language", {"language": "es", "next": "/me/"})
    assert Account.objects.get().language == "es"
    assert '<html lang="es">' in text(client.get("/me/"))
    elsewhere = signed_in("zh-hans")
    assert '<html lang="es">' in text(elsewhere.get("/me/"))
    with telephone() as got:
        elsewhere.post("/me/prove", {"proof": "phone"})
        elsewhere.post("/me/password", {"present": GOOD, "new": OTHER, "again": OTHER, "told": "on"})
    assert [phone for phone, _ in got] == [PHONE, PHONE]
    assert "Su código" in got[0][1]
    assert "Se cambió su contraseña" in got[1][1]
    # a language the office has not is no choice
    client.post("/language", {"language": "xx"})
    assert Account.objects.get().language == "es"


def test_the_page_says_until_when_and_one_act_lengthens_it(country: Country) -> None:
    changed(country)
    client = signed_in()
    page = text(client.get("/me/"))
    assert "Signed in until" in page
    assert 'data-left="9' in page or 'data-left="89' in page
    begin = clock.now()
    json = {"accept": "application/json"}
    with clock.at(begin + timedelta(minutes=10)):
        assert 295 <= client.get("/me/stay", headers=json).json()["left"] <= 300
        # asking does not lengthen it, the act does
        assert 295 <= client.get("/me/stay", headers=json).json()["left"] <= 300
        assert client.post("/me/stay", {"next": "/me/cards"})["Location"] == "/me/cards"
        assert client.get("/me/stay", headers=json).json()["left"] >= 895
        assert client.post("/me/stay", {"next": "//evil.example/me/"})["Location"] == "/me/"
        assert client.post("/me/stay", {"next": "/sign-out"})["Location"] == "/me/"
    with clock.at(begin + timedelta(minutes=26)):
        assert client.get("/me/stay", headers=json).json() == {"left": 0}
        assert client.post("/me/stay", headers=json).json() == {"left": 0}
        assert client.get("/me/")["Location"] == "/sign-in?again=1"


def test_it_is_lengthened_ten_times_and_then_ends(country: Country) -> None:
    changed(country)
    client = signed_in()
    begin = clock.now()
    for nth in range(1, 13):
        with clock.at(begin + timedelta(minutes=14 * nth)):
            assert client.post("/me/stay", headers={"accept": "application/json"}).json()["left"] > 0
    with clock.at(begin + timedelta(minutes=181)):
        assert client.get("/me/").status_code == 302


def test_one_device_is_signed_out_from_another(country: Country) -> None:
    _, opened = changed(country)
    there, here = signed_in(), english()
    here.cookies["holder"] = opened.token
    page = text(here.get("/me/sessions"))
    assert "Firefox, Windows" in page
    other = PortalSession.objects.exclude(pk=opened.session.pk).get()
    assert here.post(f"/me/sessions/{other.pk}/end")["Location"] == "/me/sessions"
    assert there.get("/me/").status_code == 302
    assert here.get("/me/").status_code == 200
    stranger_of = PortalSession.objects.get(pk=opened.session.pk)
    assert there.post(f"/me/sessions/{stranger_of.pk}/end").status_code == 302
    assert here.get("/me/").status_code == 200
