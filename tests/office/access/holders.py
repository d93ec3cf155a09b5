"""Invented holders who sign in: a region with initial passwords, a person with a telephone, what she got."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from uuid import UUID

from office.country import Country
from office.people.invented import enroll, number
from shebaoka.domain.enquiry_password import initial
from shebaoka.office.access import sending
from shebaoka.office.access.choices import Proof
from shebaoka.office.access.models import SignInBegun
from shebaoka.office.access.services import (
    UniformSetting,
    activation_code_make,
    code_send,
    password_choose,
    proof_give,
    recovery_begin,
    sign_in,
)
from shebaoka.office.access.services.sessions import Opened
from shebaoka.office.organizations.two_persons import check, propose
from shebaoka.office.people.models import Person
from shebaoka.office.people.services import Contact

NUMBER = number()
INITIAL = initial("id-last8", NUMBER)
GOOD, OTHER = "70853964", "92617058"
PHONE = "13900000001"


def covered(
    country: Country, since: date = date(2026, 1, 1), due: date | None = None, code: str = "980100"
) -> None:
    """The region sets the initial passwords, by two persons."""
    place = country.organizations[code]
    setting = UniformSetting(place.code, since, due)
    waiting = propose(
        country.actor(code, "organizations.administrator"), "access.uniform.set", place, setting
    )
    check(country.actor(code, "organizations.leader"), waiting.pk)


def holder(country: Country, **values: object) -> Person:
    """A person with a telephone."""
    return enroll(country, "李芳", **{"number": NUMBER, "contact": Contact(phone=PHONE), **values})


@contextmanager
def telephone() -> Iterator[list[tuple[str, str]]]:
    """Messages sent within, as (number, text), in order and at once."""
    got: list[tuple[str, str]] = []

    def sender(phone: str, text: str) -> str:
        got.append((phone, text))
        return "told"

    before, sending.at_once = sending.at_once, True
    sending.SENDER.append(sender)
    try:
        yield got
    finally:
        sending.SENDER.pop()
        sending.at_once = before


def begun(number: str = NUMBER, password: str = INITIAL) -> SignInBegun:
    """A sign-in that awaits its second proof."""
    found = sign_in(number=number, password=password)
    assert isinstance(found, SignInBegun)
    return found


def by_phone(sign_in_id: UUID) -> None:
    """The second proof by telephone."""
    with telephone() as got:
        code_send(sign_in_id)
    [(_, text)] = got
    proof_give(sign_in_id, proof=Proof.PHONE, answer="".join(c for c in text if c.isdigit()))


def changed(country: Country, password: str = GOOD) -> tuple[Person, Opened]:
    """A holder who chose her password, and the session it began."""
    person = holder(country)
    code = activation_code_make(country.actor("980100", "people.counter-clerk"), person=person.pk)
    first = recovery_begin(number=NUMBER)
    proof_give(first.pk, proof=Proof.COUNTER, answer=code.code)
    return person, password_choose(first.pk, new=password, told=True)
