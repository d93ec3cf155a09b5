"""The readers of PSAMs; always within the actor's subtree, or what is issued to it (R-04)."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import F, Max, Q, QuerySet

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.choices import Kind
from shebaoka.office.organizations.models import Organization, Staff
from shebaoka.office.parameters.selectors import number
from shebaoka.office.psams.choices import AT_UNIT, OrderStatus, Status
from shebaoka.office.psams.models import (
    Agreement,
    BlockList,
    Count,
    Destruction,
    DestructionFile,
    Issue,
    KeeperContact,
    Loss,
    Order,
    Place,
    Psam,
    Recall,
    RecallLine,
    Vendor,
)
from shebaoka.office.rules.months import after_months


def psams(actor: Actor, *, status: str = "", text: str = "") -> QuerySet[Psam]:
    """What her area answers for or holds. ``text``: a part of serial, terminal or printed number."""
    path = actor.organization.path
    here = Issue.objects.filter(unit__path__startswith=path, ended_at=None).values("psam")
    found = Psam.objects.filter(Q(owner__path__startswith=path) | Q(pk__in=here)).select_related("owner")
    if status:
        found = found.filter(status=status)
    if text:
        found = found.filter(
            Q(serial__contains=text) | Q(terminal__contains=text) | Q(printed__icontains=text)
        )
    return found.order_by("serial")


def psam(actor: Actor, serial: str) -> Psam:
    """One of them. Raises Refusal ``base.not-found``."""
    found = psams(actor).select_related("owner", "vendor", "order").filter(serial=serial).first()
    if found is None:
        raise Refusal("base.not-found", what=serial)
    return found


def issue_of(psam: Psam) -> Issue | None:
    """To whom a PSAM she sees is issued now."""
    return psam.issues.filter(ended_at=None).select_related("unit", "place", "keeper").first()


def to_accept(actor: Actor) -> QuerySet[Issue]:
    """What waits for this keeper's signature."""
    waiting = Issue.objects.filter(keeper=actor.staff, accepted_at=None, ended_at=None)
    return waiting.select_related("psam", "psam__owner", "unit", "place").order_by("issued_at")


def vendors() -> QuerySet[Vendor]:
    """All filings, the latest first; they are public."""
    return Vendor.objects.order_by("-filed_on", "name")


def vendors_filed(day: date | None = None) -> QuerySet[Vendor]:
    """Vendors blanks may be bought from on ``day`` (today)."""
    day = day or clock.today()
    valid = Vendor.objects.filter(filed_on__lte=day, valid_until__gte=day)
    return valid.filter(withdrawn_on=None).order_by("name")


def orders(actor: Actor) -> QuerySet[Order]:
    """Applications of her area, the latest first."""
    within = Order.objects.filter(organization__path__startswith=actor.organization.path)
    return within.select_related("organization", "vendor", "keeper").order_by("-submitted_at")


def order(actor: Actor, number_: str) -> Order:
    """One of them. Raises Refusal ``base.not-found``."""
    found = orders(actor).filter(number=number_).first()
    if found is None:
        raise Refusal("base.not-found", what=number_)
    return found


def agreements(actor: Actor) -> QuerySet[Agreement]:
    """Service agreements of her area, the latest first."""
    within = Agreement.objects.filter(
        Q(body__path__startswith=actor.organization.path) | Q(unit__path__startswith=actor.organization.path)
    )
    return within.select_related("body", "unit").order_by("-since")


def agreement(actor: Actor, id: UUID) -> Agreement:
    """One of them. Raises Refusal ``base.not-found``."""
    found = agreements(actor).filter(pk=id).first()
    if found is None:
        raise Refusal("base.not-found", what="agreement")
    return found


def places(actor: Actor) -> QuerySet[Place]:
    """Places of use of her area."""
    within = Place.objects.filter(unit__path__startswith=actor.organization.path, closed_on=None)
    return within.select_related("unit").order_by("unit__path", "code")


def recalls(actor: Actor) -> QuerySet[RecallLine]:
    """What her area, or a unit of it, has to hand in, the earliest deadline first."""
    path = actor.organization.path
    here = Issue.objects.filter(unit__path__startswith=path, ended_at=None).values("psam")
    found = RecallLine.objects.filter(
        Q(recall__organization__path__startswith=path) | Q(psam__in=here), returned_at=None
    )
    return found.select_related("recall", "psam", "recall__organization").order_by(
        "recall__due", "psam__serial"
    )


def recall(actor: Actor, number_: str) -> Recall:
    """A recall list of her area. Raises Refusal ``base.not-found``."""
    within = Recall.objects.filter(organization__path__startswith=actor.organization.path)
    found = within.select_related("organization").filter(number=number_).first()
    if found is None:
        raise Refusal("base.not-found", what=number_)
    return found


def losses(actor: Actor) -> QuerySet[Loss]:
    """Losses of her area, the latest first."""
    path = actor.organization.path
    found = Loss.objects.filter(Q(psam__owner__path__startswith=path) | Q(holder__path__startswith=path))
    return found.select_related("psam", "holder").order_by("-told_at")


def destructions(actor: Actor) -> QuerySet[Destruction]:
    """Destruction lists of her area, the latest first."""
    within = Destruction.objects.filter(organization__path__startswith=actor.organization.path)
    return within.select_related("organization").order_by("-approved_at")


def destruction(actor: Actor, number_: str) -> Destruction:
    """One of them. Raises Refusal ``base.not-found``."""
    found = destructions(actor).filter(number=number_).first()
    if found is None:
        raise Refusal("base.not-found", what=number_)
    return found


def destruction_files(of: Destruction) -> QuerySet[DestructionFile]:
    """Photos and records of a destruction she sees."""
    return of.files.select_related("added_by").order_by("added_at", "name")


def counts(actor: Actor) -> QuerySet[Count]:
    """Counts of her area, the latest first."""
    path = actor.organization.path
    found = Count.objects.filter(Q(body__path__startswith=path) | Q(unit__path__startswith=path))
    return found.select_related("unit", "body").order_by("-declared_at")


def count(actor: Actor, id: UUID) -> Count:
    """One of them. Raises Refusal ``base.not-found``."""
    found = counts(actor).filter(pk=id).first()
    if found is None:
        raise Refusal("base.not-found", what="count")
    return found


def lists(actor: Actor) -> QuerySet[BlockList]:
    """Block lists of her area, the latest first."""
    within = BlockList.objects.filter(organization__path__startswith=actor.organization.path)
    return within.select_related("organization").order_by("organization__path", "-version")


def contact_of(staff: Staff) -> KeeperContact | None:
    """How a keeper is reached, None as long as she has not said it."""
    return KeeperContact.objects.filter(staff=staff).first()


def keeps_unreached(staff: Staff) -> bool:
    """Whether she keeps a PSAM and has not said yet how she is reached."""
    kept = Issue.objects.filter(keeper=staff, ended_at=None, accepted_at__isnull=False).exists()
    return kept and contact_of(staff) is None


@dataclass(frozen=True, slots=True)
class Due:
    """What is due at a body: issues whose conditions are to be inspected, units to be counted, losses whose
    report is late, PSAMs that wait for destruction and whether it is time."""

    inspections: list[Issue]
    counts: list[Organization]
    reports: list[Loss]
    waiting: int
    destroy: bool
    decisions: int


def due(body: Organization) -> Due:
    """What is due today at a province or city (the ministry: applications to decide)."""
    if body.kind == Kind.MINISTRY:
        open_orders = Order.objects.filter(status__in=[OrderStatus.SUBMITTED, OrderStatus.GRANTED])
        return Due([], [], [], 0, False, open_orders.count())
    day = clock.today()
    out = Issue.objects.filter(psam__owner=body, ended_at=None, psam__status__in=AT_UNIT)
    oldest = after_months(day, -number(body, "psams.inspection-months"))
    inspections = out.filter(activated_at__isnull=False).filter(
        Q(inspected_on__lte=oldest) | Q(inspected_on=None, activated_at__date__lte=oldest)
    )
    waiting = Psam.objects.filter(owner=body, status__in=[Status.RETURNED, Status.DAMAGED, Status.TO_DESTROY])
    late = Loss.objects.filter(psam__owner=body, written_at=None, found_at=None)
    last = Destruction.objects.filter(organization=body).aggregate(last=Max("done_at"))["last"]
    months = number(body, "psams.destroy-months")
    since = last.astimezone(clock.CHINA).date() if last else None
    first = waiting.aggregate(first=Max("received_on"))["first"]
    old = after_months(since or first, months) <= day if (since or first) else False
    pieces = waiting.count()
    return Due(
        list(inspections.select_related("psam", "unit", "place").order_by("issued_at")[:100]),
        units_to_count(body),
        list(late.filter(written_due__lte=clock.now() + timedelta(hours=12)).select_related("psam")),
        pieces,
        bool(pieces) and (pieces >= number(body, "psams.destroy-at-pieces") or old),
        0,
    )


def units_to_count(body: Organization) -> list[Organization]:
    """Units that hold PSAMs of the body and were not counted within the months of the parameter."""
    oldest = after_months(clock.today(), -number(body, "psams.count-months"))
    holding = Organization.objects.filter(
        psam_issues__psam__owner=body, psam_issues__ended_at=None, psam_issues__psam__status__in=AT_UNIT
    ).distinct()
    counted = Count.objects.filter(body=body, declared_at__date__gt=oldest).values("unit")
    old = holding.filter(psam_issues__issued_at__date__lte=oldest)
    return list(old.exclude(pk__in=counted).order_by("path"))


def recalls_to_remind(day: date) -> list[RecallLine]:
    """Open lines whose reminder is due, of all bodies: for the job."""
    found = RecallLine.objects.filter(returned_at=None, reminded_at=None, recall__due__gte=day)
    lines = found.select_related("recall__organization").order_by("recall__due")
    return [
        line
        for line in lines
        if line.recall.due - timedelta(days=number(line.recall.organization, "psams.recall-reminder-days"))
        <= day
    ]


def recalls_to_freeze(day: date) -> list[RecallLine]:
    """Open lines whose deadline is past, of all bodies: for the job."""
    found = RecallLine.objects.filter(returned_at=None, frozen_at=None, recall__due__lt=day)
    return list(found.select_related("psam__owner").order_by("recall__due"))


def psams_to_expire(day: date) -> list[Psam]:
    """What expired at a unit, of all bodies: for the job."""
    out = Psam.objects.filter(expires_on__lt=day, status__in=[Status.ISSUED, Status.ACTIVE, Status.FROZEN])
    return list(out.select_related("owner").order_by(F("expires_on")))


def bodies_of(unit: Organization) -> list[Organization]:
    """The bodies whose PSAMs a unit holds."""
    held = Psam.objects.filter(status__in=AT_UNIT, issues__unit=unit, issues__ended_at=None)
    return list(Organization.objects.filter(pk__in=held.values("owner")).order_by("path"))


def held_by(unit: Organization, body: Organization) -> list[Psam]:
    """What a unit holds of a body by the register."""
    found = Psam.objects.filter(owner=body, status__in=AT_UNIT)
    return list(found.filter(issues__unit=unit, issues__ended_at=None).order_by("serial"))
