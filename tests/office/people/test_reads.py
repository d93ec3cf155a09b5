"""Every reading is recorded with its fields, and the holder sees them in words (R-18, R-19, PW-08)."""

import pytest
from django.urls import reverse

from office.access.holders import changed
from office.access.test_mandates import client_of
from office.access.test_portal import text
from office.country import Country
from office.pages import signed_in
from shebaoka.office.audit.selectors import Reading
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.reading import fields, read_noted, readers_of
from shebaoka.office.people.models import Person
from shebaoka.office.people.services import NewFact, NewGuardian, fact_note, guardian_record
from shebaoka.office.people.subjects import choices, target

_STATUS = choices(target("status", "status").item)[0][0]
MARKED = {
    "name": "people.name",
    "number": "people.number",
    "document_number": "people.document",
    "phone": "people.phone",
    "address": "people.address",
    "email": "people.email",
    "postcode": "people.address",
}


@pytest.fixture
def person(country: Country) -> Person:
    found, _ = changed(country)
    clerk = country.actor("980100", "people.counter-clerk")
    fact_note(clerk, person=found.pk, new=NewFact(subject="status", values={"status": _STATUS}, body="某局"))
    guardian_record(clerk, person=found.pk, new=NewGuardian(name="某监护", document_number="E12345678"))
    with writing("tests.marks"):
        Person.objects.filter(pk=found.pk).update(
            address="示例路一号", email="one@example.invalid", postcode="980777"
        )
    return Person.objects.get(pk=found.pk)


def read(person: Person) -> Reading:
    return readers_of(person)[0]


def test_what_a_page_of_the_desk_shows_is_among_the_recorded_fields(country: Country, person: Person) -> None:
    desk = signed_in(country, "980100", "people.counter-clerk")
    desk.post(reverse("desk:people:purpose", args=[person.pk]), {"purpose": "people.counter"})
    for path in ("person", "contact"):
        page = desk.get(reverse(f"desk:people:{path}", args=[person.pk]))
        shown, recorded = page.content.decode(), set(read(person).fields)
        assert recorded <= fields().keys()
        for column, field in MARKED.items():
            if str(getattr(person, column)) in shown and column != "name":
                assert field in recorded, (path, column)
        for words, field in (("某监护", "people.guardian"), ("某局", "people.status")):
            if words in shown:
                assert field in recorded, (path, field)
    assert read(person).channel == "desk"
    assert read(person).roles == ("people.counter-clerk",)


def test_the_holder_reads_who_by_role_and_which_fields(country: Country) -> None:
    found, opened = changed(country)
    clerk = country.actor("980100", "people.counter-clerk")
    read_noted(
        clerk,
        organization=found.agency,
        subject=found,
        purpose="people.identity",
        fields=("people.number", "people.address", "people.job"),
    )
    page = text(client_of(opened).get("/me/readers"))
    assert "示例甲市 (Counter clerk)" in page
    assert "Social security number, Address, Employment record" in page
    assert clerk.number not in page
    assert "员工1" not in page


def test_readings_come_page_by_page(country: Country) -> None:
    found, opened = changed(country)
    clerk = country.actor("980100", "people.counter-clerk")
    for _ in range(21):
        read_noted(
            clerk,
            organization=found.agency,
            subject=found,
            purpose="people.identity",
            fields=("people.name",),
        )
    client = client_of(opened)
    assert text(client.get("/me/readers")).count("Verification of identity") == 20
    assert text(client.get("/me/readers?page=2")).count("Verification of identity") == 1


def test_an_unknown_field_is_an_error_of_the_program(country: Country) -> None:
    found, _ = changed(country)
    clerk = country.actor("980100", "people.counter-clerk")
    with pytest.raises(KeyError):
        read_noted(
            clerk,
            organization=found.agency,
            subject=found,
            purpose="people.identity",
            fields=("people.soul",),
        )
    assert readers_of(found) == []
