"""The table of ASVS names tests that exist, and what it says of a parameter."""

import re
from pathlib import Path

import pytest

from office.access.holders import GOOD, INITIAL, NUMBER, changed, covered, holder
from office.access.test_portal import english, text
from office.access.test_verifying import opened
from office.country import Country
from office.pages import signed_in
from shebaoka.office.access.services import sign_in
from shebaoka.office.base.errors import Refusal
from shebaoka.office.parameters.registry import known

_ROOT = Path(__file__).parents[3]
_NAMED = re.compile(r"`(test_\w+\.py)::(test_\w+)`")


def test_every_test_of_the_table_exists() -> None:
    named = set(_NAMED.findall((_ROOT / "docs" / "reference" / "asvs.md").read_text("utf-8")))
    assert len(named) > 20
    texts = {file: (Path(__file__).parent / file).read_text("utf-8") for file, _ in named}
    assert {(file, test) for file, test in named if f"def {test}(" not in texts[file]} == set()


def test_a_code_by_telephone_lasts_ten_minutes_at_most() -> None:
    assert known()["enquiry.code-minutes"].most == 10


def test_the_risk_of_a_code_by_telephone_is_told(country: Country) -> None:
    holder(country)
    covered(country)
    answer = english().post("/sign-in", {"number": NUMBER, "password": INITIAL}, follow=True)
    assert "card and PIN, or a code from the counter, are safer" in text(answer)


def test_the_counter_signs_a_holder_out_everywhere(country: Country) -> None:
    changed(country)
    client = english()
    client.post("/sign-in", {"number": NUMBER, "password": GOOD})
    case = opened(country)
    desk = signed_in(country, "980100", "people.counter-clerk")
    assert "Sign her out everywhere" in text(desk.get(f"/desk/enquiry/case/{case.pk}"))
    assert client.get("/me/").status_code == 200
    assert desk.post(f"/desk/enquiry/case/{case.pk}/sign-out").status_code == 302
    assert client.get("/me/").status_code == 302


@pytest.mark.parametrize("typed", [f"{GOOD} ", f" {GOOD}", GOOD[:-1], f"{GOOD}0"])
def test_a_password_is_taken_exactly_as_it_was_typed(country: Country, typed: str) -> None:
    changed(country)
    with pytest.raises(Refusal):
        sign_in(number=NUMBER, password=typed)
    assert english().post("/sign-in", {"number": NUMBER, "password": typed}).status_code in (422, 429)
