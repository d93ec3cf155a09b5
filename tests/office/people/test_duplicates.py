"""Entries that may be one person: found at enrolment, settled by two people, nothing lost."""

from datetime import date

import pytest

from office.country import Country
from office.people.invented import clerk, enroll, number, settle
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.two_persons import propose
from shebaoka.office.people import selectors
from shebaoka.office.people.choices import DocumentType, Outcome, Sex
from shebaoka.office.people.duplicates import distance, neighbors
from shebaoka.office.people.models import Duplicate, Person
from shebaoka.office.people.services import Contact, Settlement


def test_neighbors_are_well_formed_and_one_mistake_away() -> None:
    found = list(neighbors(number()))
    assert 60 < len(found) < 170
    assert all(distance(each, number()) <= 2 for each in found)


@pytest.mark.parametrize(
    ("values", "grounds"),
    [
        ({"number": number(sequence=5)}, {"name-and-birth", "near-number"}),
        ({"number": number(region="990102", sequence=851)}, {"name-and-birth"}),
        ({"number": number(birth=date(1990, 3, 17))}, {"near-number"}),
        ({"number": number(sequence=3), "name": "章玮"}, {"sound-and-birth", "near-number"}),
        ({"number": number(sequence=3), "name": "李娜"}, set()),
        ({"number": number(region="990102", sequence=851), "name": "章玮"}, set()),
        ({"number": number(birth=date(1985, 1, 2), sequence=77)}, set()),
    ],
)
def test_what_is_found(country: Country, values: dict[str, object], grounds: set[str]) -> None:
    first = enroll(country)
    second = enroll(country, **values)  # type: ignore[arg-type]
    found = Duplicate.objects.first()
    assert set(found.grounds if found else ()) == grounds
    if found:
        assert (found.first, found.second, found.outcome) == (first, second, Outcome.OPEN)


def test_the_same_passport_under_two_numbers(country: Country) -> None:
    same = {
        "nationality": "DEU",
        "sex": Sex.MALE,
        "birth": date(1985, 1, 2),
        "document_type": DocumentType.PASSPORT,
        "document_number": "C01X00T47",
    }
    enroll(country, "Max Muster", number="DEU0C01X00T47", **same)
    enroll(country, "Max M. Muster", number="DEU1C01X00T47", **same)
    assert Duplicate.objects.get().grounds == ["document"]


def two(country: Country) -> Duplicate:
    enroll(country, contact=Contact(phone="1"))
    enroll(country, number=number(sequence=5))
    return Duplicate.objects.get()


def test_merged_by_two_people(country: Country) -> None:
    found = two(country)
    gone = found.second.number
    settle(country, Settlement(found.pk, Outcome.MERGED, "同一人"))
    kept = Duplicate.objects.get()
    assert (kept.outcome, kept.reason) == (Outcome.MERGED, "同一人")
    assert Person.objects.get(pk=kept.second_id).merged_into == kept.first
    assert selectors.person_before(clerk(country), gone) == kept.first
    assert selectors.search(clerk(country), "张伟") == [kept.first]
    with pytest.raises(Refusal) as refusal:
        settle(country, Settlement(found.pk, Outcome.DISTINCT, "又是两人"))
    assert refusal.value.code == "people.settled"


def test_kept_is_settled_later(country: Country) -> None:
    found = two(country)
    settle(country, Settlement(found.pk, Outcome.KEPT, "待公安核实"))
    settle(country, Settlement(found.pk, Outcome.DISTINCT, "双胞胎"))
    assert not Person.objects.exclude(merged_into=None).exists()
    assert not selectors.duplicates(clerk(country)).exists()


def test_a_reason_is_said(country: Country) -> None:
    found = two(country)
    with pytest.raises(Refusal) as refusal:
        propose(
            clerk(country),
            "people.duplicate.settle",
            country.organizations["980100"],
            Settlement(found.pk, Outcome.MERGED, " "),
        )
    assert refusal.value.code == "people.say-why"
    assert Duplicate.objects.get().outcome == Outcome.OPEN
