"""The readers of people, always of the actor's area (R-04).

Who shows a person's data to somebody notes the purpose first: ``organizations.reading.read_noted`` (R-19)."""

from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Collate

from shebaoka.domain import person_number
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.models import Organization
from shebaoka.office.people.choices import Outcome, TransferState
from shebaoka.office.people.models import (
    Change,
    Difference,
    Duplicate,
    Employer,
    Evidence,
    Fact,
    Load,
    OldNumber,
    Person,
    Transfer,
)
from shebaoka.office.people.pinyin import pinyin

MOST = 50
"""Persons a search gives at most."""


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


def person_before(actor: Actor, number: str) -> Person:
    """The person who had that number once: a corrected one, one of a merged entry. Raises Refusal
    ``base.not-found``."""
    old = OldNumber.objects.filter(number=number.strip().upper(), person__in=people(actor))
    return person(actor, found.person_id) if (found := old.first()) else person_by_number(actor, number)


def search(actor: Actor, text: str, *, most: int = MOST) -> list[Person]:
    """Persons by number (also 15 digits, old numbers), by the beginning of the name, or of its pinyin; at
    most ``most`` of them, entries that were merged left out."""
    text = text.strip()
    living = people(actor).filter(merged_into=None)
    if not text:
        return []
    if any(character.isdigit() for character in text):
        try:
            settled = person_number.settled(text)
        except ValueError:
            return []
        found = list(living.filter(number=settled)[:most])
        old = OldNumber.objects.filter(number=text.upper()).values("person")
        return found or list(living.filter(pk__in=old)[:most])
    if text.isascii():
        sound = pinyin(text)
        return _beginning(living, "pinyin", sound, most) if sound else []
    return _beginning(living, "name", text, most)


def _beginning(living: QuerySet[Person], column: str, text: str, most: int) -> list[Person]:
    """The first of those whose column begins with a text, in the order of its index."""
    ordered = living.alias(own=Collate(column, "C")).filter(own__startswith=text)
    return list(ordered.order_by("own", "birth")[:most])


def duplicates(actor: Actor, *, every: bool = False) -> QuerySet[Duplicate]:
    """Possible duplicates of the actor's area that are not settled, the oldest first; or all of them."""
    found = Duplicate.objects.filter(agency__path__startswith=actor.organization.path)
    if not every:
        found = found.filter(outcome__in=(Outcome.OPEN, Outcome.KEPT))
    both = found.select_related("first__agency", "first__employer", "second__agency", "second__employer")
    return both.order_by("found_at", "pk")


def duplicate(actor: Actor, pk: UUID) -> Duplicate:
    """One of them. Raises Refusal ``base.not-found``."""
    found = duplicates(actor, every=True).filter(pk=pk).first()
    if found is None:
        raise Refusal("base.not-found", what="duplicate")
    return found


def transfers(actor: Actor) -> QuerySet[Transfer]:
    """Moves of persons from or to the actor's area, those that wait first."""
    path = actor.organization.path
    found = Transfer.objects.filter(Q(giving__path__startswith=path) | Q(receiving__path__startswith=path))
    together = found.select_related("person", "giving", "receiving")
    return together.order_by(F("decided_at").desc(nulls_first=True), "-asked_at", "pk")


def transfers_to_decide(actor: Actor) -> QuerySet[Transfer]:
    """Persons of the actor's area another agency asks for."""
    return Transfer.objects.filter(
        giving__path__startswith=actor.organization.path, state=TransferState.WAITING
    )


def transfer(actor: Actor, pk: UUID) -> Transfer:
    """One of them. Raises Refusal ``base.not-found``."""
    found = transfers(actor).filter(pk=pk).first()
    if found is None:
        raise Refusal("base.not-found", what="transfer")
    return found


def evidence(actor: Actor, pk: UUID) -> Evidence:
    """A file about a person of the area. Raises Refusal ``base.not-found``."""
    found = Evidence.objects.filter(pk=pk, person__in=people(actor)).first()
    if found is None:
        raise Refusal("base.not-found", what="file")
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


def loads(actor: Actor) -> QuerySet[Load]:
    """Lists imported in the actor's area, the latest first."""
    found = Load.objects.filter(agency__path__startswith=actor.organization.path)
    return found.select_related("agency").order_by("-at")


def load(actor: Actor, pk: UUID) -> Load:
    """One of them. Raises Refusal ``base.not-found``."""
    found = loads(actor).filter(pk=pk).first()
    if found is None:
        raise Refusal("base.not-found", what="list")
    return found


def differences(actor: Actor) -> QuerySet[Difference]:
    """Open differences from the national base in the regions of the actor's area, the latest first."""
    return Difference.objects.filter(region__in=_regions(actor), resolved_at=None).order_by("-found_on", "pk")


def unsent(actor: Actor) -> int:
    """Changes of her area the national base has not taken yet."""
    return Change.objects.filter(region__in=_regions(actor), sent_at=None).count()


def _regions(actor: Actor) -> QuerySet[Organization, str]:
    area = Organization.objects.filter(path__startswith=actor.organization.path)
    return area.values_list("region", flat=True)
