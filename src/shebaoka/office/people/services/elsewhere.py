"""A person of another region is read: only with a purpose and a reason (R-19)."""

from shebaoka.domain import person_number
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.reading import purposes
from shebaoka.office.people.models import Person
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
    act.about(found, purpose=purpose, why=said, of=found.agency.code)
    return found
