"""A person of another region is read: only with a purpose and a reason (R-19)."""

from uuid import UUID

from shebaoka.domain import person_number
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.reading import purposes, reading_noted
from shebaoka.office.people import selectors
from shebaoka.office.people.models import Duplicate, Person
from shebaoka.office.people.reads import IDENTITY
from shebaoka.office.people.services.common import reason


@service("people.person.read-elsewhere")
def person_read_elsewhere(act: Act, *, number: str, name: str, purpose: str, why: str) -> Person:
    """The person with exactly that number and name (two elements, D-01), wherever she is insured.

    The row stands in the chain of the reader's organization and is found again for the holder (R-18). Raises
    Refusal ``base.not-found``, ``organizations.no-purpose``, ``people.say-why``."""
    if purpose not in purposes():
        raise Refusal("organizations.no-purpose")
    said = reason(why)
    try:
        settled = person_number.settled(number)
    except ValueError:
        settled = ""
    found = Person.objects.select_related("agency", "employer").filter(number=settled, name=name).first()
    if found is None:
        raise Refusal("base.not-found", what="person")
    reading_noted(act, found, purpose, IDENTITY)
    act.about(found, purpose=purpose, why=said, of=found.agency.code)
    return found


@service("people.duplicate.read")
def duplicate_read(act: Act, *, duplicate: UUID) -> Duplicate:
    """Two entries side by side, of which the older one may be of another area: the reading of both is found
    again for their holders. Raises Refusal ``base.not-found``."""
    found = selectors.duplicate(act.actor, duplicate)
    act.on(found.agency)
    for each in (found.first, found.second):
        reading_noted(act, each, "people.duplicate", IDENTITY)
    act.about(found)
    return found
