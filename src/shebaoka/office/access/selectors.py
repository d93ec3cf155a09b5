"""The readers of access, always of the actor's area (R-04)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from shebaoka.office.access.choices import CaseState, Occasion, State
from shebaoka.office.access.models import (
    Account,
    CorrectionRequest,
    LeakCase,
    Mandate,
    Notice,
    Tally,
    Uniform,
    Verification,
)
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.models import Organization
from shebaoka.office.people.models import Person

TRIED_AGAIN = timedelta(hours=20)
"""After that a reminder that was not delivered is tried again."""
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


def whom(case: Verification) -> Person | None:
    """Whose case it is: the entry with the number she showed, also where the register was put right since."""
    found = Person.objects.filter(number=case.typed, merged_into=None).select_related("agency").first()
    return found or case.person


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


def reminder_list(actor: Actor) -> QuerySet[Person]:
    """Who of the area still has the initial password, by agency and employer, each with the time of her last
    reminder that was delivered (``reminded``)."""
    delivered = Q(notices__occasion=Occasion.REMINDER) & ~Q(notices__proof="")
    found = initial_people(actor).annotate(reminded=Max("notices__at", filter=delivered))
    found = found.select_related("agency", "employer")
    return found.order_by("agency__path", F("employer__name").asc(nulls_last=True), "pk")


def agencies_to_remind() -> list[Organization]:
    """Where somebody has an initial password and a telephone."""
    people = Person.objects.filter(agency=OuterRef("pk"), merged_into=None, died_on=None)
    people = people.exclude(phone="").exclude(account__state=State.CHANGED)
    return list(Organization.objects.filter(Exists(people), closed_on=None).order_by("path"))


def to_remind(agency: Organization, days: int, now: datetime) -> QuerySet[Person]:
    """Holders of an agency who are due: with the initial password and a telephone, not told by telephone in
    the last ``days`` nor at hand-out, not tried since :data:`TRIED_AGAIN`."""
    told = Notice.objects.filter(person=OuterRef("pk"), occasion__in=(Occasion.REMINDER, Occasion.HAND_OUT))
    lately = told.filter(Q(at__gt=now - timedelta(days=days)) & ~Q(proof=""))
    tried = told.filter(at__gt=now - TRIED_AGAIN)
    found = Person.objects.filter(agency=agency, merged_into=None, died_on=None).exclude(phone="")
    found = found.exclude(account__state=State.CHANGED).filter(~Exists(lately), ~Exists(tried))
    return found.select_related("account").order_by("pk")


def under_attack(least: int = 20, most: int = 50) -> list[Tally]:
    """What is guessed at most just now: persons, addresses, networks with that many failures. Only digests
    are known of them."""
    found = Tally.objects.filter(failures__gte=least, kind__in=("person", "address", "network"))
    return list(found.order_by("-failures")[:most])


def switched_off(actor: Actor) -> QuerySet[Account]:
    """Holders of the area whose digits are switched off after too many wrong tries."""
    found = Account.objects.filter(off=True, person__agency__path__startswith=actor.organization.path)
    return found.select_related("person__agency").order_by("person__agency__path", "pk")


def leaks(actor: Actor) -> QuerySet[LeakCase]:
    """Leak cases of the area, open ones first, the oldest first."""
    found = LeakCase.objects.filter(agency__path__startswith=actor.organization.path)
    found = found.select_related("agency", "person")
    return found.order_by(F("decided_at").desc(nulls_first=True), "opened_at", "number")


def leak(actor: Actor, number: str) -> LeakCase:
    """One of them. Raises Refusal ``base.not-found``."""
    found = leaks(actor).filter(number=number).first()
    if found is None:
        raise Refusal("base.not-found", what="case")
    return found


def correction_requests(actor: Actor) -> QuerySet[CorrectionRequest]:
    """What holders of the area asked, open ones first."""
    found = CorrectionRequest.objects.filter(agency__path__startswith=actor.organization.path)
    found = found.select_related("agency", "person")
    return found.order_by(F("answered_at").desc(nulls_first=True), "asked_at", "pk")


def correction_request(actor: Actor, pk: UUID) -> CorrectionRequest:
    """One of them. Raises Refusal ``base.not-found``."""
    found = correction_requests(actor).filter(pk=pk).first()
    if found is None:
        raise Refusal("base.not-found", what="request")
    return found


def mandates(actor: Actor) -> QuerySet[Mandate]:
    """Mandates of holders of the area, the latest first."""
    found = Mandate.objects.filter(agency__path__startswith=actor.organization.path)
    return found.select_related("agency", "holder", "agent").order_by("-given_at", "pk")


def mandate(actor: Actor, pk: UUID) -> Mandate:
    """One of them. Raises Refusal ``base.not-found``."""
    found = mandates(actor).filter(pk=pk).first()
    if found is None:
        raise Refusal("base.not-found", what="mandate")
    return found
