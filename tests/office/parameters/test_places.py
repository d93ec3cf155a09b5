"""Where a national default comes from is said in the language of the page."""

import pytest

from office.country import Country
from office.pages import signed_in
from office.parameters.deciding import CLERK
from shebaoka.office.parameters.places import is_reference, phrases
from shebaoka.office.parameters.registry import known


def test_every_place_is_a_reference_or_has_its_words() -> None:
    places = {each.place for each in known().values() if each.place}
    worded = {place for place in places if not is_reference(place)}
    assert worded == phrases().keys()
    assert all(each.zh and each.es for each in phrases().values())


@pytest.mark.parametrize(
    ("language", "text"), [("zh-hans", "通行做法"), ("en", "common practice"), ("es", "práctica común")]
)
def test_a_page_says_it_in_its_language(country: Country, language: str, text: str) -> None:
    key = next(key for key, each in known().items() if each.place == "common practice")
    web = signed_in(country, "980100", CLERK, language=language)
    assert text in web.get(f"/desk/parameters/980100/key/{key}").content.decode()
