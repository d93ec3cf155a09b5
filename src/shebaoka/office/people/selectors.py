"""The readers of people, always of the actor's area (R-04).

Who shows a person's data to somebody notes the purpose first: ``organizations.reading.read_noted`` (R-19)."""

from uuid import UUID

from django.db.models import QuerySet

from shebaoka.domain import person_number
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.people.models import Employer, Fact, Person


def people(actor: Actor) -> QuerySet[Person]:
    """Persons of the actor's area."""
    found = Person.objects.filter(agency__path__startswith=actor.organization.path)
    return found.select_related("agency", "employer")


def person(actor: Actor, pk: UUID) -> Person:
    """One of them. Raises Refusal ``base.not-found``."""
    found = people(actor).filter(pk=pk).first()
    if found is None:
        raise Refusal("base.not-found", what="person")
    return found


def person_by_number(actor: Actor, number: str) -> Person:
    """The person with that social security number, also in its old form of 15 digits. Raises Refusal
    ``base.not-found``."""
    try:
        settled = person_number.settled(number)
    except ValueError:
        settled = ""
    found = people(actor).filter(number=settled).first()
    if found is None:
        raise Refusal("base.not-found", what="person")
    return found


def employers(actor: Actor) -> QuerySet[Employer]:
    """Employers of the actor's area."""
    return Employer.objects.filter(agency__path__startswith=actor.organization.path).order_by("name")


def employer_by_code(actor: Actor, code: str) -> Employer:
    """One of them. Raises Refusal ``base.not-found``."""
    found = employers(actor).filter(code=code, closed_on=None).first()
    if found is None:
        raise Refusal("base.not-found", what=code)
    return found


def facts(of: Person) -> QuerySet[Fact]:
    """What is known of a person now; a person was read by a reader of this module before."""
    return of.facts.filter(ended_at=None).order_by("subject", "place")
