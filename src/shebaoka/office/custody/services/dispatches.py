"""Sending carriers with a memorandum (F6), and counting what arrives."""

from collections import Counter

import msgspec

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody import hooks
from shebaoka.office.custody.choices import Capacity, CarrierKind, CarrierStatus, OrderStatus
from shebaoka.office.custody.models import Carrier, Dispatch, DispatchLine, Order
from shebaoka.office.custody.services.common import (
    CUSTODIAN,
    carriers_of,
    hold,
    let_go,
    move,
    next_number,
    own_body,
    person,
    two_signers,
    words,
)
from shebaoka.office.custody.services.distribution import QUANTITIES
from shebaoka.office.organizations.acts import Act
from shebaoka.office.organizations.choices import Kind
from shebaoka.office.organizations.models import Organization, Staff
from shebaoka.office.organizations.two_persons import two_persons


class SentCarrier(msgspec.Struct, frozen=True):
    """A carrier on its way. ``courier``: staff number of who carries it; ``content``: without values."""

    serial: str
    courier: str
    content: str = ""


class Sending(msgspec.Struct, frozen=True):
    """Carriers to the body of an application, or back to the body above (``order`` empty). The couriers are
    staff of sender or receiver. ``place``: where they are given (F6)."""

    organization: str
    receiver: str
    order: str
    document: str
    transport: str
    courier_a: str
    courier_b: str
    carriers: tuple[SentCarrier, ...]
    place: str = ""


class ArrivedCarrier(msgspec.Struct, frozen=True):
    """What was found of a carrier of the memorandum. ``custodian``: who takes it."""

    serial: str
    arrived: bool
    seal: str = ""
    custodian: str = ""
    explanation: str = ""


class Receiving(msgspec.Struct, frozen=True):
    """The count of what a memorandum says."""

    organization: str
    memorandum: str
    carriers: tuple[ArrivedCarrier, ...]


@two_persons("custody.dispatch.send", Sending, rehearsed=True)
def dispatch_send(act: Act, new: Sending) -> Carrier | Dispatch:
    """Given by two custodians to two couriers; a mother card and its transmission card go with different
    ones. Raises Refusal ``custody.not-ordered`` when kinds and numbers are not those of the application."""
    body = own_body(act, new.organization)
    receiver = Organization.objects.filter(code=new.receiver, closed_on=None).first()
    if receiver is None or not new.carriers:
        raise Refusal("base.not-found", what=new.receiver)
    couriers = _couriers(body, receiver, new)
    carriers = carriers_of(body, [each.serial for each in new.carriers])
    order = _order(body, receiver, new.order, carriers)
    signers = two_signers(act) or (act.actor.staff, None)
    if signers[1] is None:  # rehearsed: what can be said before the second signature
        for carrier, each in zip(carriers, new.carriers, strict=True):
            let_go(carrier, act.time)
            hold(carrier, couriers[each.courier], Capacity.COURIER, act.time)
        act.about(carriers[0])
        return carriers[0]
    made = Dispatch.objects.create(
        number=next_number(body),
        order=order,
        sender=body,
        receiver=receiver,
        document=words(new.document),
        place=words(new.place),
        transport=words(new.transport),
        courier_a=couriers[new.courier_a],
        courier_b=couriers[new.courier_b],
        sent_a=signers[0],
        sent_b=signers[1],
        sent_at=act.time,
    )
    for carrier, each in zip(carriers, new.carriers, strict=True):
        _send(act, made, carrier, each, couriers[each.courier])
    if order is not None:
        order.status = OrderStatus.SENT
        order.save(update_fields=["status"])
    serials = [carrier.serial for carrier in carriers]
    act.about(made, number=made.number, to=receiver.code, document=made.document, serials=serials)
    return made


@two_persons("custody.dispatch.receive", Receiving, rehearsed=True)
def dispatch_receive(act: Act, new: Receiving) -> Dispatch:
    """Counted by two custodians of the receiver. What is missing or has another seal is explained and opens
    an incident. Raises Refusal ``custody.rules-missing`` for a body without valid rules (M47 art. 24)."""
    body = own_body(act, new.organization)
    dispatch = (
        Dispatch.objects.select_for_update(of=("self",))
        .select_related("order", "sender")
        .filter(number=new.memorandum, receiver=body)
        .first()
    )
    if dispatch is None:
        raise Refusal("base.not-found", what=new.memorandum)
    if dispatch.received_at is not None:
        raise Refusal("custody.received-already", number=dispatch.number)
    missing = hooks.missing_rules(body, clock.today())
    if missing:
        raise Refusal("custody.rules-missing", name=body.name, missing="; ".join(missing))
    lines = {line.carrier.serial: line for line in dispatch.lines.select_related("carrier")}
    if sorted(lines) != sorted(each.serial for each in new.carriers):
        raise Refusal("custody.count-all", number=dispatch.number)
    locked = Carrier.objects.select_for_update(of=("self",)).filter(serial__in=lines).order_by("pk")
    carriers = {carrier.serial: carrier for carrier in locked}
    wrong = [
        serial
        for each in new.carriers
        if not _arrive(act, body, lines[serial := each.serial], carriers[serial], each)
    ]
    signers = two_signers(act)
    if signers is not None:
        _close(act, dispatch, body, signers, wrong)
    act.about(dispatch, number=dispatch.number, differences=wrong)
    return dispatch


def _couriers(body: Organization, receiver: Organization, new: Sending) -> dict[str, Staff]:
    if new.courier_a == new.courier_b:
        raise Refusal("custody.two-persons-needed")
    found = {}
    for number in (new.courier_a, new.courier_b):
        ours = Staff.objects.filter(number=number, organization=body).exists()
        found[number] = person(body if ours else receiver, number)
    if any(each.courier not in found for each in new.carriers):
        raise Refusal("custody.other-courier")
    return found


def _order(body: Organization, receiver: Organization, number: str, carriers: list[Carrier]) -> Order | None:
    """The application that is answered; None on the way back up."""
    if not number:
        if body.parent_id != receiver.pk:
            raise Refusal("custody.no-order", name=receiver.name)
        return None
    order = Order.objects.select_for_update(of=("self",)).filter(number=number, organization=receiver).first()
    if order is None or receiver.parent_id != body.pk:
        raise Refusal("base.not-found", what=number)
    if order.status != OrderStatus.SUBMITTED:
        raise Refusal("custody.order-over", number=number)
    counts = Counter(carrier.kind for carrier in carriers)
    if any(counts[kind] != getattr(order, column) for kind, column in QUANTITIES.items()):
        raise Refusal("custody.not-ordered", number=number)
    return order


def _send(act: Act, dispatch: Dispatch, carrier: Carrier, each: SentCarrier, courier: Staff) -> None:
    if not carrier.seal:
        raise Refusal("custody.no-seal", serial=carrier.serial)
    DispatchLine.objects.create(
        dispatch=dispatch,
        carrier=carrier,
        seal=carrier.seal,
        content=" ".join(each.content.split()) or carrier.content,
        courier=courier,
    )
    let_go(carrier, act.time)
    hold(carrier, courier, Capacity.COURIER, act.time)
    move(carrier, CarrierStatus.SENT)
    carrier.save(update_fields=["status", "place", "compartment"])


def _arrive(
    act: Act, body: Organization, line: DispatchLine, carrier: Carrier, found: ArrivedCarrier
) -> bool:
    """Whether it is as the memorandum says."""
    as_told = found.arrived and found.seal == line.seal
    if not as_told:
        words(found.explanation, "custody.explain")
    line.arrived, line.seal_seen = found.arrived, found.seal
    line.explanation = " ".join(found.explanation.split())
    line.save(update_fields=["arrived", "seal_seen", "explanation"])
    if found.arrived:
        let_go(carrier, act.time)
        hold(carrier, person(body, found.custodian, CUSTODIAN), Capacity.CUSTODIAN, act.time)
        move(carrier, CarrierStatus.RECEIVED)
        carrier.holder, carrier.received_on = body, clock.today()
        carrier.seal = words(found.seal)
        carrier.save(update_fields=["status", "holder", "received_on", "seal"])
    return as_told


def _close(
    act: Act, dispatch: Dispatch, body: Organization, signers: tuple[Staff, Staff], wrong: list[str]
) -> None:
    dispatch.received_at, dispatch.received_a, dispatch.received_b = act.time, *signers
    dispatch.save(update_fields=["received_at", "received_a", "received_b"])
    if dispatch.order is not None:
        dispatch.order.status = OrderStatus.FULFILLED
        dispatch.order.save(update_fields=["status"])
    if wrong:
        what = "; ".join(
            line.explanation for line in dispatch.lines.exclude(explanation="").order_by("carrier__serial")
        )
        lost = dispatch.lines.filter(arrived=False).exists()
        kind: hooks.IncidentKind = "carrier-lost" if lost else "carrier-opened"
        hooks.open_incident(
            hooks.Report(act.actor, body, kind, act.time, what, dispatch, serials=tuple(wrong))
        )
    mothers = dispatch.lines.filter(arrived=True, carrier__kind=CarrierKind.MOTHER)
    if body.kind != Kind.MINISTRY and mothers.exists():
        hooks.keys_received(act.actor, body, dispatch.number)
