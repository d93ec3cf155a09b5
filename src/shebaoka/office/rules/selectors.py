"""The readers of rules, plans, acknowledgments and drills, and what bodies lack.

documents = valid_documents(city)                      # today
documents.complete                                     # may it receive carriers?
demand_documents(city)                                 # the same as a Refusal
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.choices import ISSUING
from shebaoka.office.organizations.models import Assignment, Organization, Staff
from shebaoka.office.parameters.selectors import number
from shebaoka.office.rules.choices import (
    ACKNOWLEDGED_BY,
    BLOCKING,
    DocumentKind,
    DocumentState,
    DrillResult,
    Lack,
)
from shebaoka.office.rules.models import Acknowledgment, Document, Drill
from shebaoka.office.rules.months import after_months

ALL_KINDS = tuple(DocumentKind)


@dataclass(frozen=True, slots=True)
class Lacking:
    """One thing a body lacks. ``kind`` None: a drill; ``who``: staff numbers that have not acknowledged."""

    kind: DocumentKind | None
    why: Lack
    who: tuple[str, ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether the body can receive no carrier because of it."""
        return self.why in BLOCKING


@dataclass(frozen=True, slots=True)
class ValidDocuments:
    """What a body has in force on a day, and what it lacks."""

    organization: Organization
    day: date
    documents: dict[DocumentKind, Document]
    lacking: tuple[Lacking, ...]
    last_drill: Drill | None = None

    @property
    def complete(self) -> bool:
        """All documents in force and acknowledged, so that it may receive carriers (M47 art. 24)."""
        return not any(each.blocks for each in self.lacking)

    @property
    def lacks_of_drill(self) -> Lacking | None:
        """That no drill was held in time."""
        return next((each for each in self.lacking if each.kind is None), None)

    def lacks_of(self, kind: DocumentKind) -> tuple[Lacking, ...]:
        """What is lacking of one document."""
        return tuple(each for each in self.lacking if each.kind == kind)


def valid_documents(organization: Organization, day: date | None = None) -> ValidDocuments:
    """What an issuing area has in force on ``day`` (today), acknowledged by whom it concerns.

    What is in force is no secret inside the office: higher parts ask without an actor."""
    return documents_of_bodies([organization], day)[0]


def demand_documents(
    organization: Organization, day: date | None = None, kinds: Iterable[DocumentKind] = ALL_KINDS
) -> ValidDocuments:
    """The same, when ``kinds`` are in force and acknowledged. Raises Refusal ``rules.lacking`` naming the
    first document that is not."""
    found = valid_documents(organization, day)
    wanted = frozenset(kinds)
    for lack in found.lacking:
        if lack.blocks and lack.kind in wanted:
            raise Refusal(
                "rules.lacking", name=organization.name, document=lack.kind.label, why=lack.why.label
            )
    return found


def documents_of_bodies(bodies: Iterable[Organization], day: date | None = None) -> list[ValidDocuments]:
    """:func:`valid_documents` of many bodies with few queries."""
    day = day or clock.today()
    bodies = list(bodies)
    documents = _in_force(bodies, day)
    people = _people(bodies, day)
    acknowledged = set(
        Acknowledgment.objects.filter(document__in=[d.pk for d in documents.values()]).values_list(
            "document_id", "staff_id"
        )
    )
    drills: dict[UUID, Drill] = {}
    for drill in (
        Drill.objects.filter(organization__in=bodies, held_on__lte=day)
        .exclude(result=DrillResult.FAILED)
        .order_by("held_on", "recorded_at")
    ):
        drills[drill.organization_id] = drill
    return [
        _state(body, day, documents, people.get(body.pk, []), acknowledged, drills.get(body.pk))
        for body in bodies
    ]


def issuing_bodies(actor: Actor) -> QuerySet[Organization]:
    """The bodies of the three levels in the actor's area that are to have rules, in the order of the tree."""
    return Organization.objects.filter(
        path__startswith=actor.organization.path, kind__in=ISSUING, closed_on=None
    ).order_by("path")


def bodies(actor: Actor, day: date | None = None) -> list[ValidDocuments]:
    """What each of them has and lacks."""
    return documents_of_bodies(issuing_bodies(actor), day)


def bodies_lacking(actor: Actor, day: date | None = None) -> list[ValidDocuments]:
    """Those of every level that lack a valid document, a review or a drill."""
    return [each for each in bodies(actor, day) if each.lacking]


def documents(actor: Actor, organization: Organization | None = None) -> QuerySet[Document]:
    """Versions of documents in the actor's area, of one body or all, the latest first."""
    found = Document.objects.filter(organization__path__startswith=actor.organization.path)
    if organization is not None:
        found = found.filter(organization=organization)
    return found.select_related("organization", "drafted_by").order_by(
        "organization__path", "kind", "-version"
    )


def document(actor: Actor, id: UUID) -> Document:
    """One of them; her own body's too, wherever she stands in it. Raises Refusal ``base.not-found``."""
    found = documents(actor).filter(pk=id).first()
    if found is None:
        raise Refusal("base.not-found", what="document")
    return found


def acknowledgments(of: Document) -> QuerySet[Acknowledgment]:
    """Who has acknowledged a version."""
    return of.acknowledgments.select_related("staff").order_by("at")


def missing_acknowledgments(of: Document, day: date | None = None) -> list[Staff]:
    """Who has to and has not, on ``day`` (today)."""
    wanted = [
        person
        for person, role in _people([of.organization], day or clock.today()).get(of.organization_id, [])
        if role in ACKNOWLEDGED_BY[of.kind]
    ]
    done = set(of.acknowledgments.values_list("staff_id", flat=True))
    return list({person.pk: person for person in wanted if person.pk not in done}.values())


def to_acknowledge(actor: Actor) -> list[Document]:
    """Approved versions that wait for this person's acknowledgment: in force, or the next to be."""
    if actor.staff is None:
        return []
    kinds = [kind for kind, wanted in ACKNOWLEDGED_BY.items() if not wanted.isdisjoint(actor.roles)]
    approved = Document.objects.filter(
        organization=actor.organization, kind__in=kinds, state=DocumentState.APPROVED
    ).order_by("kind", "-version")
    day = clock.today()
    found: list[Document] = []
    settled: set[str] = set()
    for each in approved.select_related("organization"):
        if each.kind in settled:
            continue
        if each.in_force_from is not None and each.in_force_from <= day:
            settled.add(each.kind)
        if not each.acknowledgments.filter(staff=actor.staff).exists():
            found.append(each)
    return found


def drills(actor: Actor, organization: Organization | None = None) -> QuerySet[Drill]:
    """Drills in the actor's area, the latest first."""
    found = Drill.objects.filter(organization__path__startswith=actor.organization.path)
    if organization is not None:
        found = found.filter(organization=organization)
    return found.select_related("organization", "plan", "recorded_by").order_by("-held_on", "-recorded_at")


def review_due(of: Document, day: date | None = None) -> date | None:
    """The day by which an approved version is to be looked at again, as the months are on ``day`` (today)."""
    if of.in_force_from is None:
        return None
    return after_months(of.in_force_from, number(of.organization, "rules.review-months", day))


def _in_force(bodies: list[Organization], day: date) -> dict[tuple[UUID, str], Document]:
    """By body and kind: the highest version whose day has come, if it is not withdrawn."""
    rows = (
        Document.objects.filter(organization__in=bodies, in_force_from__lte=day)
        .order_by("organization_id", "kind", "-version")
        .distinct("organization_id", "kind")
        .defer("text")
        .select_related("organization")
    )
    return {
        (row.organization_id, row.kind): row
        for row in rows
        if row.withdrawn_on is None or row.withdrawn_on > day
    }


def _people(bodies: list[Organization], day: date) -> dict[UUID, list[tuple[Staff, str]]]:
    """Custodians and keepers of each body on ``day``, who are not suspended."""
    roles = frozenset().union(*ACKNOWLEDGED_BY.values())
    held = (
        Assignment.objects.filter(Q(until=None) | Q(until__gt=day), organization__in=bodies, role__in=roles)
        .filter(since__lte=day, staff__is_active=True)
        .select_related("staff")
        .order_by("staff__number")
    )
    found: dict[UUID, list[tuple[Staff, str]]] = {}
    for each in held:
        found.setdefault(each.organization_id, []).append((each.staff, each.role))
    return found


def _state(
    body: Organization,
    day: date,
    documents: dict[tuple[UUID, str], Document],
    people: list[tuple[Staff, str]],
    acknowledged: set[tuple[UUID, UUID]],
    drill: Drill | None,
) -> ValidDocuments:
    held: dict[DocumentKind, Document] = {}
    lacking: list[Lacking] = []
    review = number(body, "rules.review-months", day)
    for kind in DocumentKind:
        document = documents.get((body.pk, kind))
        if document is None:
            lacking.append(Lacking(kind, Lack.NO_DOCUMENT))
            continue
        held[kind] = document
        wanted = {person.number: person for person, role in people if role in ACKNOWLEDGED_BY[kind]}
        missing = tuple(
            number for number, person in wanted.items() if (document.pk, person.pk) not in acknowledged
        )
        if not wanted:
            lacking.append(Lacking(kind, Lack.NOBODY))
        elif missing:
            lacking.append(Lacking(kind, Lack.NOT_ACKNOWLEDGED, missing))
        if document.in_force_from is not None and day >= after_months(document.in_force_from, review):
            lacking.append(Lacking(kind, Lack.REVIEW_OVERDUE))
    if drill is None or day >= after_months(drill.held_on, number(body, "rules.drill-months", day)):
        lacking.append(Lacking(None, Lack.NO_DRILL))
    return ValidDocuments(body, day, held, tuple(lacking), drill)
