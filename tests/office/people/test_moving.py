"""The insured place of a person moves: asked by one agency, released by the other."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.db.utils import Error

from office.country import Country
from office.pages import signed_in
from office.people.invented import clerk, enroll, number
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.people import selectors
from shebaoka.office.people.choices import TransferState
from shebaoka.office.people.models import Change, Person, Transfer
from shebaoka.office.people.services import (
    death_record,
    transfer_ask,
    transfer_refuse,
    transfer_release,
    transfer_withdraw,
)


def supervisor(country: Country, code: str = "980100") -> Actor:
    return country.actor(code, "people.counter-supervisor")


def asked(country: Country, name: str = "张伟") -> Transfer:
    agency = country.organizations["990100"]
    return transfer_ask(
        clerk(country, "990100"), agency=agency, number=number(), name=name, why="到乙市就业参保"
    )


def test_she_is_insured_at_the_other_place_once_it_is_released(country: Country) -> None:
    person = enroll(country)
    wanted = asked(country)
    assert Person.objects.get().agency.code == "980100"
    before = Change.objects.count()
    transfer_release(supervisor(country), transfer=wanted.pk)
    moved = Person.objects.get()
    assert (moved.agency.code, moved.region, moved.employer) == ("990100", "990100", None)
    assert moved.revision == person.revision + 1
    assert Change.objects.count() == before + 1  # the national base hears of it
    assert selectors.search(clerk(country, "990100"), number()) == [moved]
    assert selectors.search(clerk(country), number()) == []
    assert Transfer.objects.get().state == TransferState.DONE


def test_both_sides_see_it_and_nobody_else(country: Country) -> None:
    enroll(country)
    wanted = asked(country)
    assert list(selectors.transfers(supervisor(country))) == [wanted]
    assert list(selectors.transfers(clerk(country, "990100"))) == [wanted]
    transfer_refuse(supervisor(country), transfer=wanted.pk, why="待遇未结清")
    assert Person.objects.get().agency.code == "980100"
    kept = Transfer.objects.get()
    assert (kept.state, kept.remark) == (TransferState.REFUSED, "待遇未结清")
    asked(country)  # and may be asked again


Attempt = Callable[[Country, Transfer], object]
NOT_NOW: dict[str, tuple[Attempt, str]] = {
    "who asked takes no decision for the other side": (
        lambda c, t: transfer_release(supervisor(c, "990100"), transfer=t.pk),
        "base.not-found",
    ),
    "a clerk releases nobody": (
        lambda c, t: transfer_release(clerk(c), transfer=t.pk),
        "organizations.not-allowed",
    ),
    "a refusal says why": (
        lambda c, t: transfer_refuse(supervisor(c), transfer=t.pk, why=" "),
        "people.say-why",
    ),
    "the giving side does not take it back": (
        lambda c, t: transfer_withdraw(clerk(c), transfer=t.pk, why="误"),
        "base.not-found",
    ),
    "one waits at a time": (lambda c, t: asked(c), "people.transfer-waits"),
    "the name must be right": (lambda c, t: asked(c, "张玮"), "base.not-found"),
}


@pytest.mark.parametrize("case", NOT_NOW)
def test_refused_and_nothing_changed(country: Country, case: str) -> None:
    enroll(country)
    wanted = asked(country)
    attempt, code = NOT_NOW[case]
    with pytest.raises(Refusal) as refusal:
        attempt(country, wanted)
    assert refusal.value.code == code
    assert Transfer.objects.get().state == TransferState.WAITING
    assert Person.objects.get().agency.code == "980100"


def test_what_was_decided_is_decided(country: Country) -> None:
    enroll(country)
    wanted = asked(country)
    transfer_withdraw(clerk(country, "990100"), transfer=wanted.pk, why="本人不再转移")
    with pytest.raises(Refusal) as refusal:
        transfer_release(supervisor(country), transfer=wanted.pk)
    assert refusal.value.code == "people.transfer-decided"
    for change in ({"state": "done"}, {"reason": "另一理由"}):
        with pytest.raises(Error), transaction.atomic(), writing("tests.direct"):
            Transfer.objects.update(**change)


def test_nobody_moves_where_she_is_or_after_her_death(country: Country) -> None:
    person = enroll(country)
    with pytest.raises(Refusal) as refusal:
        transfer_ask(clerk(country), agency=person.agency, number=number(), name="张伟", why="x")
    assert refusal.value.code == "people.transfer-here"
    wanted = asked(country)
    death_record(clerk(country), person=person.pk, died_on=person.enrolled_at.date())
    with pytest.raises(Refusal) as refusal:
        transfer_release(supervisor(country), transfer=wanted.pk)
    assert refusal.value.code == "people.dead"
    assert Person.objects.get().agency.code == "980100"


@pytest.mark.parametrize("language", ["zh-hans", "en", "es"])
def test_pages_of_a_move(country: Country, language: str) -> None:
    enroll(country)
    pages = "/desk/people/moves"
    web = signed_in(country, "990100", "people.counter-clerk", language=language)
    answers = {"agency": "990100", "number": number(), "name": "张伟", "why": "到乙市就业参保"}
    assert web.get(f"{pages}/ask").status_code == 200
    assert web.post(f"{pages}/ask", answers | {"name": "张玮"}).status_code == 422 - 18
    assert not Transfer.objects.exists()
    assert web.post(f"{pages}/ask", answers).status_code == 302
    wanted = Transfer.objects.get()
    page = f"{pages}/{wanted.pk}"
    assert f"{page}/withdraw" in web.get(page).content.decode()
    other = signed_in(country, "980100", "people.counter-supervisor", language=language)
    assert pages in other.get("/desk/").content.decode()
    assert "张伟" in other.get(pages).content.decode()
    shown = other.get(page).content.decode()
    assert f"{page}/release" in shown
    assert f"{page}/withdraw" not in shown
    assert other.post(f"{page}/refuse", {"why": ""}).status_code == 422
    assert other.post(f"{page}/release").status_code == 302
    assert Person.objects.get().agency.code == "990100"
    assert f"{page}/release" not in other.get(page).content.decode()
