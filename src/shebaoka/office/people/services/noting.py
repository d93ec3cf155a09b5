"""What every change of a person brings with it, in its transaction: possible duplicates, updates of her
cards, and a message to the national base."""

from collections.abc import Sequence

from shebaoka.office.base.jobs import JOBS, defer
from shebaoka.office.organizations.acts import Act
from shebaoka.office.people.duplicates import candidates
from shebaoka.office.people.hooks import AFTER_CHANGE
from shebaoka.office.people.models import Change, Duplicate, Person

SENDING = "people.national.send"
BASE = frozenset(
    {"number", "name", "document_type", "document_number", "sex", "birth", "nationality", "phone"}
) | {"died_on", "merged_into", "agency", "nation"}
"""Columns the national base has too (持卡人员基础信息库)."""
PLACES = {
    "number": "SSSE.EF06.08",
    "name": "SSSE.EF06.09",
    "chip_name": "SSSE.EF06.09",
    "sex": "SSSE.EF06.0A",
    "nation": "SSSE.EF06.0B",
    "birthplace": "SSSE.EF06.0C",
    "birth": "SSSE.EF06.0D",
    "fingerprints": "SSSE.EF07",
    "photo_chip": "SSSE.EF08",
    "address": "DF01.EF06.23",
    "address_region": "DF01.EF06.24",
    "phone": "DF01.EF06.28",
    "nationality": "DF01.EF0A.37",
}
"""Columns and the items of the card that show them."""


def changed(act: Act, person: Person, names: Sequence[str]) -> None:
    """``names``: of columns, or places on the card. The national base is to hear of it at once (D-08)."""
    places = list(dict.fromkeys(PLACES.get(name, name) for name in names))
    for hook in AFTER_CHANGE:
        hook(act, person, places)
    if not BASE.isdisjoint(names):
        Change.objects.create(
            person=person, region=person.region, act=act.name, at=act.time, next_at=act.time
        )
        send_soon()


def send_soon() -> None:
    """The national base hears of what waits as soon as the worker comes to it."""
    if SENDING in JOBS:
        defer(SENDING, once=SENDING)


def duplicates_noted(act: Act, person: Person) -> int:
    """Looks for entries that may be the same person; how many were found."""
    found = candidates(person)
    for other, why in found:
        if not Duplicate.objects.filter(first__in=(person, other), second__in=(person, other)).exists():
            Duplicate.objects.create(
                first=other,
                second=person,
                agency=person.agency,
                region=person.region,
                grounds=[each.value for each in why],
                found_at=act.time,
            )
    return len(found)
