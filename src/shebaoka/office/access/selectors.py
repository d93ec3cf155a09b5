"""The readers of access, always of the actor's area (R-04)."""

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from shebaoka.office.access.choices import CaseState, State
from shebaoka.office.access.models import Tally, Uniform, Verification
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.people.models import Person

OPEN = (CaseState.OPEN, CaseState.FOUND)


def verifications(actor: Actor) -> QuerySet[Verification]:
    """Cases of the area, the oldest open one first."""
    found = Verification.objects.filter(agency__path__startswith=actor.organization.path)
    return found.select_related("agency", "person", "elsewhere").order_by("closed_at", "due", "number")


def verification(actor: Actor, pk: UUID) -> Verification:
    """One of them. Raises Refusal ``base.not-found``."""
    found = verifications(actor).filter(pk=pk).first()
    if found is None:
        raise Refusal("base.not-found", what="case")
    return found


def overdue(actor: Actor) -> QuerySet[Verification]:
    """Open cases whose time limit is over."""
    return verifications(actor).filter(state__in=OPEN, due__lt=clock.today())


def uniforms(actor: Actor) -> QuerySet[Uniform]:
    """Uniform settings of the area and above it, the latest first."""
    within = Q(organization__path__startswith=actor.organization.path)
    return Uniform.objects.filter(within).select_related("organization").order_by("-since")


def initial_people(actor: Actor) -> QuerySet[Person]:
    """Insured persons of the area who still have their initial password."""
    living = Person.objects.filter(
        agency__path__startswith=actor.organization.path, merged_into=None, died_on=None
    )
    return living.exclude(account__state=State.CHANGED)


def initial_by_agency(actor: Actor) -> list[tuple[str, int]]:
    """How many still have it, by agency."""
    rows = initial_people(actor).values_list("agency__name").annotate(many=Count("pk")).order_by("-many")
    return [(str(name), int(many)) for name, many in rows]


def initial_by_employer(actor: Actor, most: int = 50) -> list[tuple[str, int]]:
    """How many still have it, by employer."""
    rows = (
        initial_people(actor)
        .exclude(employer=None)
        .values_list("employer__name")
        .annotate(many=Count("pk"))
        .order_by("-many")[:most]
    )
    return [(str(name), int(many)) for name, many in rows]


def under_attack(least: int = 20, most: int = 50) -> list[Tally]:
    """What is guessed at most just now: persons, addresses, networks with that many failures. Only digests
    are known of them."""
    found = Tally.objects.filter(failures__gte=least, kind__in=("person", "address", "network"))
    return list(found.order_by("-failures")[:most])
