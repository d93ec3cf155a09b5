"""Invented people for tests: numbers of the regions 98xxxx and 99xxxx."""

from datetime import date

import msgspec

from office.country import Country
from shebaoka.domain.citizen_id import check_digit
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.models import TwoPersonAct
from shebaoka.office.organizations.two_persons import check, propose
from shebaoka.office.people.models import Person
from shebaoka.office.people.services import NewPerson, Settlement, person_enroll


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


def settle(country: Country, settlement: Settlement, code: str = "980100") -> TwoPersonAct:
    """By a clerk and a supervisor."""
    return both(country, "people.duplicate.settle", settlement, code)


def both(country: Country, act: str, payload: msgspec.Struct, code: str = "980100") -> TwoPersonAct:
    """An act of a clerk, checked by a supervisor."""
    waiting = propose(clerk(country, code), act, country.organizations[code], payload)
    return check(country.actor(code, "people.counter-supervisor"), waiting.pk)
