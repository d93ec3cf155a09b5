"""Invented people for tests: numbers of the regions 98xxxx and 99xxxx."""

from datetime import date

from office.country import Country
from shebaoka.domain.citizen_id import check_digit
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.people.models import Person
from shebaoka.office.people.services import NewPerson, person_enroll


def number(region: str = "980101", birth: date = date(1990, 3, 7), sequence: int = 1) -> str:
    """A number with its check character; odd sequences are of men."""
    first = f"{region}{birth:%Y%m%d}{sequence:03d}"
    return first + check_digit(first)


def clerk(country: Country, code: str = "980100", nth: int = 1) -> Actor:
    return country.actor(code, "people.counter-clerk", nth)


def enroll(country: Country, name: str = "张伟", **values: object) -> Person:
    """A person of 980100."""
    new = NewPerson(name=name, **{"number": number(), **values})  # type: ignore[arg-type]
    return person_enroll(clerk(country), agency=country.organizations["980100"], new=new)
