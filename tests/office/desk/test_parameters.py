"""Pages of parameters: what is in force, proposing a change by form, the published rules."""

import re

import pypdfium2  # type: ignore[import-untyped]
import pytest

from office.country import Country
from office.pages import signed_in
from office.parameters.deciding import CLERK, LEADER, put
from office.parameters.test_publishing import publish
from shebaoka.office.organizations.models import TwoPersonAct
from shebaoka.office.organizations.two_persons import check
from shebaoka.office.parameters.registry import known, words
from shebaoka.office.parameters.selectors import number

HOME = "/desk/parameters/980100"


@pytest.mark.parametrize("language", ["zh-hans", "en", "es"])
def test_the_table_names_every_parameter_in_the_language_of_the_page(country: Country, language: str) -> None:
    page = signed_in(country, "980100", CLERK, language=language).get(HOME).content.decode()
    for entry in known().values():
        text = words(entry.name)
        assert {"zh-hans": text.zh, "en": text.en, "es": text.es}[language].split("'")[0] in page


def test_only_what_is_still_to_be_confirmed(country: Country) -> None:
    client = signed_in(country, "980100", CLERK)
    page = client.get(f"{HOME}?show=open").content.decode()
    assert "approval.ministry-review-workdays" in page
    assert "cards.validity-years" not in page


def test_a_value_is_proposed_by_form_and_counts_when_checked(country: Country) -> None:
    client = signed_in(country, "980100", CLERK)
    url = f"{HOME}/key/custody.stock-take-days/set"
    assert "31" in client.get(url).content.decode()
    answers = {
        "value": "10",
        "since": "2026-03-02",
        "source": "L",
        "place": "示例〔2026〕1号",
        "reason": "",
        "_answered": ["value", "source", "reason"],
        "_act": "confirm",
    }
    wrong = client.post(url, {**answers, "value": "93"})
    assert wrong.status_code == 422
    assert not TwoPersonAct.objects.exists()
    assert client.post(url, answers).status_code == 302
    waiting = TwoPersonAct.objects.get()
    assert number("980100", "custody.stock-take-days") == 31
    words_of_it = signed_in(country, "980100", LEADER).get(f"/desk/acts/{waiting.pk}").content.decode()
    assert "custody.stock-take-days" in words_of_it
    check(country.actor("980100", LEADER), waiting.pk)
    assert number("980100", "custody.stock-take-days") == 10
    page = client.get(f"{HOME}/key/custody.stock-take-days").content.decode()
    assert "示例〔2026〕1号" in page
    assert "Withdraw this body" in page


@pytest.mark.parametrize(
    ("key", "value", "stored"),
    [("cards.financial", "false", False), ("psams.place-change", "approve", "approve")],
)
def test_switches_and_choices_keep_their_type(country: Country, key: str, value: str, stored: object) -> None:
    answers = {
        "value": value,
        "since": "2026-03-02",
        "source": "L",
        "place": "x",
        "reason": "",
        "_answered": ["value", "source", "reason"],
        "_act": "confirm",
    }
    client = signed_in(country, "980100", CLERK)
    assert client.post(f"{HOME}/key/{key}/set", answers).status_code == 302
    assert TwoPersonAct.objects.get().payload["value"] == stored


def test_who_may_not_set_is_refused(country: Country) -> None:
    client = signed_in(country, "980100", "organizations.key-custodian")
    assert client.get(f"{HOME}/key/cards.pin-tries").status_code == 200
    assert client.get(f"{HOME}/key/cards.pin-tries/set").status_code == 403
    other = signed_in(country, "990100", CLERK)
    for url in (HOME, f"{HOME}/key/cards.pin-tries", f"{HOME}/rules"):
        assert other.get(url).status_code == 404
    assert not TwoPersonAct.objects.exists()


def test_the_rules_before_and_after_they_are_published(country: Country) -> None:
    client = signed_in(country, "980100", CLERK)
    assert "Nothing is published yet" in client.get(f"{HOME}/rules").content.decode()
    answers = {"since": "2026-03-02", "reason": "", "_answered": ["day", "reason"], "_act": "confirm"}
    assert client.post(f"{HOME}/rules/publish", answers).status_code == 302
    check(country.actor("980100", LEADER), TwoPersonAct.objects.get().pk)
    put(country, "980100", "cards.validity-years", 8)
    page = client.get(f"{HOME}/rules").content.decode()
    assert "卡的有效期为8年" in page
    assert "卡的有效期为10年" in client.get(f"{HOME}/rules/1").content.decode()
    assert client.get(f"{HOME}/rules/3").status_code == 404


def test_the_paper_says_what_the_page_says_and_carries_its_hash(country: Country) -> None:
    made = publish(country, "980100")
    client = signed_in(country, "980100", CLERK)
    first, second = (client.get(f"{HOME}/rules/1.pdf") for _again in range(2))
    assert first["Content-Type"] == "application/pdf"
    assert first.content == second.content
    with pypdfium2.PdfDocument(first.content) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    assert all(made.digest in page for page in pages)
    text = re.sub(rf"\s|{made.digest}\s*第\d页，共\d页", "", "".join(pages))
    text = text.replace("自2026年3月2日起施行第1版", "")
    for chapter in made.content["chapters"]:
        for item in chapter["items"]:
            assert re.sub(r"\s", "", item) in text


def test_the_ministry_has_no_rules_page(country: Country) -> None:
    client = signed_in(country, "000000", CLERK)
    assert client.get("/desk/parameters/").status_code == 200
    assert client.get("/desk/parameters/000000/rules").status_code == 400
    assert client.get("/desk/parameters/000000/key/no.such").status_code == 404
