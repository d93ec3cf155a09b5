"""Persons of the registry as the national base is told of them."""

from collections.abc import Iterable
from uuid import UUID

from shebaoka.office.people.hooks import CARD_STATES
from shebaoka.office.people.models import Person
from shebaoka.office.people.national.base import Entry


def entries(people: Iterable[Person]) -> list[Entry]:
    """In the same order. Card states come from the part of cards, in one question for all."""
    listed = list(people)
    states: dict[UUID, str] = {}
    for of in CARD_STATES:
        states |= of([each.pk for each in listed])
    return [_entry(each, states.get(each.pk, "")) for each in listed]


def _entry(of: Person, state: str) -> Entry:
    return Entry(
        number=of.number,
        name=of.name,
        document_type=of.document_type,
        document_number=of.document_number,
        sex=of.sex,
        nation=of.nation,
        birth=f"{of.birth:%Y%m%d}",
        nationality=of.nationality,
        phone=of.phone,
        region=of.region,
        died_on=f"{of.died_on:%Y%m%d}" if of.died_on else "",
        merged_into=of.merged_into.number if of.merged_into else "",
        card_state=state,
    )
