"""The portal as a holder uses it, page by page, without JavaScript."""

import re
from html import unescape

import pytest
from django.test import Client

from office.access.holders import GOOD, INITIAL, NUMBER, OTHER, changed, covered, holder, telephone
from office.country import Country
from office.people.invented import number
from shebaoka.domain.card_secrets import secrets
from shebaoka.office.access.models import Account


def text(answer: object) -> str:
    return unescape(answer.content.decode())  # type: ignore[attr-defined]  # a response of the test client


def english() -> Client:
    return Client(headers={"accept-language": "en"})


@pytest.mark.parametrize("use", sorted(secrets().uses))
@pytest.mark.parametrize("language", ["zh-hans", "en", "es"])
def test_the_start_page_answers_every_use(country: Country, use: str, language: str) -> None:
    client = Client(headers={"accept-language": language})
    answer = client.get("/", {"use": use, "region": "980100", "pin": "set"})
    assert answer.status_code == 200
    name = secrets().uses[use].name
    assert {"zh-hans": name.zh, "en": name.en, "es": name.es}[language] in text(answer)
    assert "{" not in re.sub(r"<style.*?</style>", "", text(answer))


def test_the_answer_names_the_secret_and_the_reason(country: Country) -> None:
    page = text(english().get("/", {"use": "records", "region": "980100"}))
    assert "Yes: the enquiry password" in page
    assert "It does not replace the card PIN" in page
    assert "No password" in text(english().get("/", {"use": "pay-account", "pin": "none"}))


def test_a_use_that_does_not_exist_is_an_error_of_the_form(country: Country) -> None:
    answer = english().get("/", {"use": "fly"})
    assert answer.status_code == 422


def test_first_sign_in_to_summary_and_out(country: Country) -> None:
    holder(country)
    covered(country)
    client = english()
    answer = client.post("/sign-in", {"number": NUMBER, "password": INITIAL}, follow=True)
    assert answer.redirect_chain[-1][0] == "/sign-in/proof"
    assert "李芳" not in text(answer)
    with telephone() as got:
        client.post("/sign-in/proof", {"proof": "phone"})
    code = "".join(each for each in got[0][1] if each.isdigit())
    assert client.post("/sign-in/code", {"code": "1"}).status_code == 422
    assert client.post("/sign-in/code", {"code": code})["Location"] == "/sign-in/password"
    answer = client.post("/sign-in/password", {"new": INITIAL, "again": INITIAL, "told": "on"})
    assert "it is your initial password" in text(answer)
    answer = client.post("/sign-in/password", {"new": GOOD, "again": GOOD})
    assert "notice of responsibilities was not confirmed" in text(answer)
    answer = client.post("/sign-in/password", {"new": GOOD, "again": GOOD, "told": "on"}, follow=True)
    page = text(answer)
    assert "李芳" in page
    assert "masked until" in page
    assert NUMBER not in page
    assert NUMBER[-4:] in page
    assert GOOD not in page
    cookie = client.cookies["holder"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    client.post("/sign-out")
    assert client.get("/me/")["Location"].startswith("/sign-in")


def test_every_failure_shows_the_same_page(country: Country) -> None:
    changed(country)
    covered(country)
    holder(country, number=number(sequence=5))
    pages = set()
    for typed in (NUMBER, number(sequence=5), number(sequence=6), "12345"):
        answer = english().post("/sign-in", {"number": typed, "password": "55081294"})
        assert answer.status_code == 422
        pages.add(re.sub(r'csrfmiddlewaretoken" value="[^"]+"|value="[^"]*"', "", text(answer)))
    assert len(pages) == 1
    assert "agency of the insured place" in pages.pop()


def test_changing_it_and_signing_out_everywhere(country: Country) -> None:
    changed(country)
    mine, other = english(), english()
    for client in (mine, other):
        assert client.post("/sign-in", {"number": NUMBER, "password": GOOD})["Location"] == "/me/"
    answers = {"present": GOOD, "new": OTHER, "again": OTHER, "told": "on"}
    assert mine.post("/me/password", answers)["Location"] == "/me/"
    assert other.get("/me/").status_code == 302
    assert mine.get("/me/sessions").status_code == 200
    mine.post("/sign-out", {"everywhere": "1"})
    assert mine.get("/me/").status_code == 302


def test_who_cannot_sign_in_finds_her_agency_and_the_strong_way(country: Country) -> None:
    person, _ = changed(country)
    client = english()
    page = text(client.get("/cannot-sign-in", {"place": "甲市"}))
    assert "示例甲市" in page
    assert "示例乙市" not in page
    answer = client.post("/cannot-sign-in", {"number": NUMBER}, follow=True)
    page = text(answer)
    assert "Activation code from the counter" in page
    assert "Code to the registered telephone" not in page
    assert Account.objects.get(person=person).state == "changed"


@pytest.mark.parametrize("page", ["/sign-in/proof", "/sign-in/code", "/sign-in/password"])
def test_a_page_out_of_turn_says_that_the_sign_in_is_over(country: Country, page: str) -> None:
    assert english().get(page).status_code == 410


def test_personal_pages_are_kept_by_nobody(country: Country) -> None:
    changed(country)
    client = english()
    client.post("/sign-in", {"number": NUMBER, "password": GOOD})
    answer = client.get("/me/")
    assert answer["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
