"""The readers of the registers; always within the actor's subtree (R-04)."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import Count as Number
from django.db.models import F, Max, Prefetch, Q, QuerySet

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody.choices import CarrierStatus, HandOverStatus, OrderStatus
from shebaoka.office.custody.models import (
    Carrier,
    Ceremony,
    Destruction,
    Dispatch,
    HandOver,
    Holding,
    KeyRecord,
    KeyRotation,
    Movement,
    Order,
    StockTake,
    StockTakeLine,
    StoragePlace,
)
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.choices import ISSUING
from shebaoka.office.organizations.models import Organization, Staff
from shebaoka.office.parameters.selectors import number as parameter


def places(actor: Actor) -> QuerySet[StoragePlace]:
    """Open storage places."""
    found = StoragePlace.objects.filter(_within(actor), closed_on=None).select_related("organization")
    return found.order_by("organization__path", "code")


def keys(actor: Actor) -> QuerySet[KeyRecord]:
    """The register of keys."""
    found = KeyRecord.objects.filter(_within(actor)).select_related("organization", "hsm")
    return found.order_by("organization__path", "name", "version", "algorithm")


def key(actor: Actor, key_id: str) -> KeyRecord:
    """One of them with its states. Raises Refusal ``base.not-found``."""
    found = keys(actor).prefetch_related("changes").filter(key_id=key_id).first()
    if found is None:
        raise Refusal("base.not-found", what=key_id)
    return found


def rotations(actor: Actor) -> QuerySet[KeyRotation]:
    """Keys that are still to be replaced because of an incident, the oldest first."""
    found = KeyRotation.objects.filter(
        key__organization__path__startswith=actor.organization.path, done_at=None
    )
    return found.select_related("key__organization").order_by("begun_at", "key__key_id")


def carriers(actor: Actor) -> QuerySet[Carrier]:
    """The register of carriers with who holds each now (``held``)."""
    held = Prefetch(
        "holdings",
        Holding.objects.filter(until=None).select_related("person").order_by("capacity"),
        to_attr="held",
    )
    found = Carrier.objects.filter(holder__path__startswith=actor.organization.path)
    return (
        found.select_related("holder", "issuer", "place")
        .prefetch_related(held)
        .order_by("holder__path", "kind", "serial")
    )


def carrier(actor: Actor, serial: str) -> Carrier:
    """One of them. Raises Refusal ``base.not-found``."""
    found = carriers(actor).filter(serial=serial).first()
    if found is None:
        raise Refusal("base.not-found", what=serial)
    return found


def carriers_with(actor: Actor, key_id: str) -> QuerySet[Carrier]:
    """Carriers in the actor's area that a key is on, as the record of its export says."""
    return carriers(actor).filter(keys__contains=[key_id]).exclude(status=CarrierStatus.DESTROYED)


def holdings_of(member: Staff) -> QuerySet[Holding]:
    """What somebody holds now."""
    return Holding.objects.filter(person=member, until=None).select_related("carrier").order_by("since")


def movements(actor: Actor) -> QuerySet[Movement]:
    """The log of uses, the latest first."""
    found = Movement.objects.filter(_within(actor)).select_related(
        "carrier", "organization", "taker", "out_a", "out_b", "in_a", "in_b"
    )
    return found.order_by("-out_at")


def orders(actor: Actor) -> QuerySet[Order]:
    """Applications of the actor's area, the latest first."""
    found = Order.objects.filter(_within(actor)).select_related("organization", "hsm")
    return found.order_by("-submitted_at")


def order(actor: Actor, number: str) -> Order:
    """One of them. Raises Refusal ``base.not-found``."""
    found = orders(actor).select_related("custodian_a", "custodian_b", "courier")
    made = found.filter(number=number).first()
    if made is None:
        raise Refusal("base.not-found", what=number)
    return made


def orders_to_answer(actor: Actor) -> QuerySet[Order]:
    """What the bodies directly below apply for."""
    return orders(actor).filter(status=OrderStatus.SUBMITTED, organization__parent=actor.organization)


def dispatches(actor: Actor) -> QuerySet[Dispatch]:
    """Memoranda that the actor's area sends or receives, the latest first."""
    path = actor.organization.path
    found = Dispatch.objects.filter(Q(sender__path__startswith=path) | Q(receiver__path__startswith=path))
    return found.select_related("sender", "receiver", "order").order_by("-sent_at")


def dispatch(actor: Actor, number: str) -> Dispatch:
    """One of them with its lines. Raises Refusal ``base.not-found``."""
    found = dispatches(actor).select_related(
        "sent_a", "sent_b", "received_a", "received_b", "courier_a", "courier_b"
    )
    made = found.prefetch_related("lines__carrier", "lines__courier").filter(number=number).first()
    if made is None:
        raise Refusal("base.not-found", what=number)
    return made


def dispatches_to_count(actor: Actor) -> QuerySet[Dispatch]:
    """What is on its way to the actor's own body."""
    return dispatches(actor).filter(receiver=actor.organization, received_at=None)


def counts(actor: Actor) -> list[tuple[Organization, dict[tuple[str, str], int]]]:
    """How many carriers each body of the area has, by kind and status."""
    bodies = Organization.objects.filter(
        path__startswith=actor.organization.path, kind__in=ISSUING, closed_on=None
    ).order_by("path")
    numbers = Carrier.objects.filter(holder__path__startswith=actor.organization.path).values_list(
        "holder", "kind", "status"
    )
    table: dict[object, dict[tuple[str, str], int]] = {body.pk: {} for body in bodies}
    for holder, kind, status, number in numbers.annotate(number=Number("pk")):
        table.setdefault(holder, {})[kind, status] = number
    return [(body, table[body.pk]) for body in bodies]


def stock_takes(actor: Actor) -> QuerySet[StockTake]:
    """Counts, the latest first."""
    found = StockTake.objects.filter(_within(actor)).select_related("organization", "counted_a", "counted_b")
    return found.order_by("-counted_at")


def stock_take(actor: Actor, id: UUID) -> StockTake:
    """One of them with its lines, differences first. Raises Refusal ``base.not-found``."""
    lines = Prefetch("lines", StockTakeLine.objects.order_by(F("difference").desc(), "serial"))
    found = stock_takes(actor).prefetch_related(lines).filter(pk=id).first()
    if found is None:
        raise Refusal("base.not-found", what="stock-take")
    return found


def stock_takes_due(actor: Actor, day: date | None = None) -> list[tuple[Organization, datetime | None]]:
    """Bodies with carriers whose last count is too long ago, and when that was."""
    day = day or clock.today()
    bodies = Organization.objects.filter(
        path__startswith=actor.organization.path, kind__in=ISSUING, closed_on=None
    )
    found: list[tuple[Organization, datetime | None]] = []
    with_carriers = bodies.filter(carriers__status__in=[CarrierStatus.STORED, CarrierStatus.RECEIVED])
    for body in with_carriers.distinct().annotate(last=Max("stock_takes__counted_at")).order_by("path"):
        last = body.last
        days = parameter(body, "custody.stock-take-days", day)
        if last is None or (day - last.astimezone(clock.CHINA).date()).days >= days:
            found.append((body, last))
    return found


def hand_overs(actor: Actor) -> QuerySet[HandOver]:
    """Hand-overs to third parties, the latest first."""
    found = HandOver.objects.filter(_within(actor)).select_related(
        "organization", "third_party", "supervisor", "plan_reviewer", "prepared_by"
    )
    return found.order_by("-prepared_at")


def hand_over(actor: Actor, number: str) -> HandOver:
    """One of them. Raises Refusal ``base.not-found``."""
    found = hand_overs(actor).select_related("record_by", "out_a", "out_b", "returned_a", "returned_b")
    made = found.filter(number=number).prefetch_related("lines__carrier", "lines__person", "visits").first()
    if made is None:
        raise Refusal("base.not-found", what=number)
    return made


def hand_overs_out(actor: Actor) -> QuerySet[HandOver]:
    """Those whose carriers are at the third party, the next to be returned first."""
    return hand_overs(actor).filter(status=HandOverStatus.OUT).order_by("due_on", "number")


def visits_due(actor: Actor, day: date | None = None) -> list[HandOver]:
    """Those whose next supervision visit is due."""
    day = day or clock.today()
    found: list[HandOver] = []
    for each in hand_overs(actor).filter(status=HandOverStatus.OUT).annotate(last=Max("visits__visited_on")):
        if each.out_at is None or each.supervision_days is None:
            continue
        last = each.last or each.out_at.astimezone(clock.CHINA).date()
        if (day - last).days >= each.supervision_days:
            found.append(each)
    return found


def destructions(actor: Actor) -> QuerySet[Destruction]:
    """Records of destruction, the latest first."""
    found = Destruction.objects.filter(_within(actor)).prefetch_related("carriers")
    return found.select_related(
        "organization", "destroyer_a", "destroyer_b", "supervisor", "approver"
    ).order_by("-day", "-number")


def destruction(actor: Actor, number: str) -> Destruction:
    """One of them. Raises Refusal ``base.not-found``."""
    found = destructions(actor).filter(number=number).first()
    if found is None:
        raise Refusal("base.not-found", what=number)
    return found


def ceremonies(actor: Actor) -> QuerySet[Ceremony]:
    """Ceremonies, the latest first."""
    found = Ceremony.objects.filter(_within(actor)).select_related(
        "organization", "proposed_by", "approved_by"
    )
    return found.order_by("-approved_at")


def ceremony(actor: Actor, number: str) -> Ceremony:
    """One of them. Raises Refusal ``base.not-found``."""
    found = ceremonies(actor).filter(number=number).first()
    if found is None:
        raise Refusal("base.not-found", what=number)
    return found


def _within(actor: Actor) -> Q:
    return Q(organization__path__startswith=actor.organization.path)
