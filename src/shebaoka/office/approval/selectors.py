"""The readers of approval; regions and cases always of the actor's area (R-04)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from shebaoka.office.approval.choices import Stage, State
from shebaoka.office.approval.models import Attachment, CardReport, Case, Region, TestBatch
from shebaoka.office.approval.ordering import case_in_force
from shebaoka.office.approval.plan import Plan, from_data
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.choices import Kind as Body
from shebaoka.office.organizations.models import Organization


@dataclass(frozen=True, slots=True)
class Approved:
    """What a region is approved for on a day. ``issuing``: whether it may produce now."""

    issuer_number: str
    plan: Plan
    case: UUID
    issuing: bool


def regions(actor: Actor) -> QuerySet[Region]:
    """Issuing regions of the actor's area, in the order of the tree."""
    found = Region.objects.filter(organization__path__startswith=actor.organization.path)
    return found.select_related("organization").order_by("organization__path")


def region(actor: Actor, code: str) -> Region:
    """One of them. Raises Refusal ``base.not-found``."""
    found = regions(actor).filter(organization__code=code).first()
    if found is None:
        raise Refusal("base.not-found", what=code)
    return found


def cases(actor: Actor) -> QuerySet[Case]:
    """Cases of the actor's area, the latest first."""
    found = Case.objects.filter(region__organization__path__startswith=actor.organization.path)
    return found.select_related("region__organization__parent").order_by("-number")


def case(actor: Actor, pk: UUID) -> Case:
    """One of them. Raises Refusal ``base.not-found``."""
    found = cases(actor).filter(pk=pk).first()
    if found is None:
        raise Refusal("base.not-found", what="case")
    return found


def statement(case: Case, item: str) -> str:
    """What a region says of an item of a case she sees; empty when it says nothing."""
    return case.statements.filter(item=item).values_list("text", flat=True).first() or ""


def to_review(actor: Actor) -> QuerySet[Case]:
    """What waits for the actor's body: the province's cities, or what came to the ministry; the oldest
    first."""
    if actor.organization.kind == Body.MINISTRY:
        return cases(actor).filter(stage=Stage.MINISTRY_REVIEW).order_by("submitted_at")
    waiting = (Stage.SUBMITTED, Stage.PROVINCE_REVIEW)
    own = cases(actor).filter(region__organization__parent=actor.organization, stage__in=waiting)
    return own.order_by("submitted_at")


def attachment(actor: Actor, pk: UUID) -> Attachment:
    """A file of a case of the area. Raises Refusal ``base.not-found``."""
    found = Attachment.objects.filter(pk=pk, case__in=cases(actor)).select_related("case").first()
    if found is None:
        raise Refusal("base.not-found", what="file")
    return found


def batches(actor: Actor, of: Region) -> QuerySet[TestBatch]:
    """Test batches of a region of the area, the latest first."""
    if not actor.organization.contains(of.organization):
        raise Refusal("base.not-found", what="batch")
    found = TestBatch.objects.filter(case__region=of).select_related("case__region__organization")
    return found.prefetch_related("reports", "results").order_by("-case__number", "-number")


def batch(actor: Actor, pk: UUID) -> TestBatch:
    """One of them. Raises Refusal ``base.not-found``."""
    found = TestBatch.objects.filter(pk=pk, case__in=cases(actor)).select_related(
        "case__region__organization"
    )
    first = found.first()
    if first is None:
        raise Refusal("base.not-found", what="batch")
    return first


def card_report(actor: Actor, pk: UUID) -> CardReport:
    """A card check's report of the area. Raises Refusal ``base.not-found``."""
    found = CardReport.objects.filter(pk=pk, batch__case__in=cases(actor)).first()
    if found is None:
        raise Refusal("base.not-found", what="file")
    return found


def approved(organization: Organization, day: date | None = None) -> Approved | None:
    """What the region is approved for on ``day`` (today); None before its approval. For other parts of the
    office: what is approved is no secret inside of it."""
    found = Region.objects.filter(organization=organization).first()
    in_force = case_in_force(found, day or clock.today()) if found is not None else None
    if found is None or in_force is None:
        return None
    return Approved(found.issuer_number, from_data(in_force.plan), in_force.pk, found.state == State.ISSUING)


def may_receive(organization: Organization) -> bool:
    """Whether the region is approved, so that it may be given keys and PSAM cards (P20 art. 2)."""
    return Region.objects.filter(organization=organization).exclude(issuer_number="").exists()
