"""A person's number, name and document as they are accepted: the rules of ``domain`` with refusals."""

from dataclasses import dataclass
from datetime import date

from shebaoka.domain import citizen_id, names, person_number
from shebaoka.domain.person_number import Kind
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.people.reasons import of_number


@dataclass(frozen=True, slots=True)
class Number:
    """A settled number, and what it says; a foreigner's says neither birth nor sex."""

    text: str
    kind: Kind
    birth: date | None
    sex: str


def number_of(text: str) -> Number:
    """A social security number as it is kept. Raises Refusal ``people.number-wrong``."""
    try:
        settled = person_number.settled(text)
        kind = person_number.validate(settled, clock.today())
        told = citizen_id.parse(settled) if settled[:1].isdigit() else None
    except ValueError:
        raise Refusal("people.number-wrong", why=of_number(text.strip().upper())) from None
    return Number(settled, kind, told.birth if told else None, told.sex if told else "")


def name_of(text: str) -> str:
    """A name exactly as written but for spaces around it. Raises Refusal ``people.name-unfit``, and
    ``people.name-character`` naming the place of a character no name has."""
    name = text.strip(" \u3000")
    if not name or len(name) > names.LONGEST:
        raise Refusal("people.name-unfit", most=names.LONGEST)
    try:
        names.check(name)
    except names.UnfitNameError as error:
        point, place = names.code_points(error.character), error.position
        raise Refusal("people.name-character", point=point, place=place, kind=error.kind.value) from None
    return name
