"""The writers of vendors, applications and hand-over lists."""

from datetime import date

import msgspec

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization
from shebaoka.office.organizations.two_persons import two_persons
from shebaoka.office.parameters.selectors import number
from shebaoka.office.psams.choices import (
    ORDER_MOVES,
    Algorithm,
    KeyLevel,
    OrderStatus,
    Purpose,
    Status,
)
from shebaoka.office.psams.models import Event, Order, Psam, PsamKey, Vendor
from shebaoka.office.psams.neighbors import demand_approval, tell_approval
from shebaoka.office.psams.services.common import (
    ministry_of,
    move,
    next_number,
    own_body,
    owned,
    person,
    words,
)
from shebaoka.office.rules.choices import DocumentKind
from shebaoka.office.rules.months import after_months
from shebaoka.office.rules.selectors import demand_documents

MOST = 10_000
"""PSAMs of one application."""


class NewVendor(msgspec.Struct, frozen=True):
    """A filing of a vendor (V110)."""

    name: str
    filing: str
    filed_on: date


class Application(msgspec.Struct, frozen=True):
    """What a body applies for (F7). ``levels``: nation, province, city; ``vendor``: number of its filing;
    ``keeper``: staff number."""

    organization: str
    quantity: int
    levels: tuple[KeyLevel, ...]
    algorithms: tuple[Algorithm, ...]
    vendor: str
    purpose: Purpose
    use: str
    delivery: str
    keeper: str


class OrderDecision(msgspec.Struct, frozen=True):
    """The ministry's answer to an application."""

    order: str
    granted: bool
    opinion: str


class Sent(msgspec.Struct, frozen=True):
    """A PSAM on a hand-over list: serial (20 digits), terminal number (12 digits) and its national keys."""

    serial: str
    terminal: str


class HandOverList(msgspec.Struct, frozen=True):
    """What the ministry sends for an application (F8). ``national_version``: of the national keys in it, 0
    for none."""

    order: str
    batch: str
    chip: str
    cos: str
    starts_on: date
    expires_on: date
    psams: tuple[Sent, ...]
    national_version: int = 0
    key_card_type: int = 0


class Receipt(msgspec.Struct, frozen=True):
    """What arrived with a hand-over list, counted."""

    organization: str
    order: str
    document: str
    serials: tuple[str, ...]


@two_persons("psams.vendor.file", NewVendor, rehearsed=True)
def vendor_file(act: Act, new: NewVendor) -> Vendor:
    """A vendor is filed for as many months as the parameter says. Raises Refusal ``psams.filing-known``,
    ``psams.ahead``."""
    ministry = ministry_of(act)
    filing = words(new.filing)
    if Vendor.objects.filter(filing=filing).exists():
        raise Refusal("psams.filing-known", filing=filing)
    if new.filed_on > clock.today():
        raise Refusal("psams.ahead")
    until = after_months(new.filed_on, number(ministry, "psams.vendor-filing-months"))
    made = Vendor.objects.create(
        organization=ministry, name=words(new.name), filing=filing, filed_on=new.filed_on, valid_until=until
    )
    act.about(made, filing=filing, valid_until=until)
    return made


@service("psams.vendor.withdraw")
def vendor_withdraw(act: Act, *, filing: str, why: str) -> Vendor:
    """The end of a filing before its last day."""
    ministry_of(act)
    found = Vendor.objects.select_for_update(of=("self",)).filter(filing=filing, withdrawn_on=None).first()
    if found is None:
        raise Refusal("base.not-found", what=filing)
    found.withdrawn_on = clock.today()
    found.save(update_fields=["withdrawn_on"])
    act.about(found, filing=filing, why=words(why))
    return found


def filed(filing: str) -> Vendor:
    """A vendor whose filing is valid today. Raises Refusal ``psams.vendor-not-filed``."""
    day = clock.today()
    found = Vendor.objects.filter(filing=filing, filed_on__lte=day, valid_until__gte=day).first()
    if found is None or found.withdrawn_on is not None:
        raise Refusal("psams.vendor-not-filed", filing=filing)
    return found


@two_persons("psams.order.apply", Application, rehearsed=True)
def order_apply(act: Act, asked: Application) -> Order:
    """An application for PSAMs, checked by the leader. Raises Refusal ``psams.quantity``,
    ``psams.vendor-not-filed``, ``psams.no-keeper``."""
    body = own_body(act, asked.organization)
    if not 0 < asked.quantity <= MOST or not asked.levels or not asked.algorithms:
        raise Refusal("psams.quantity", most=MOST)
    made = Order.objects.create(
        number=next_number(body),
        organization=body,
        quantity=asked.quantity,
        levels=sorted(set(asked.levels)),
        algorithms=sorted(set(asked.algorithms)),
        vendor=filed(asked.vendor),
        purpose=asked.purpose,
        use=words(asked.use),
        delivery=words(asked.delivery)[:200],
        keeper=person(asked.keeper, body),
        submitted_at=act.time,
    )
    act.about(made, number=made.number, quantity=made.quantity, vendor=asked.vendor)
    return made


@two_persons("psams.order.decide", OrderDecision, rehearsed=True)
def order_decide(act: Act, decision: OrderDecision) -> Order:
    """The ministry grants or refuses an application. Raises Refusal ``psams.not-approved`` for granting one
    of a region that is not approved."""
    ministry_of(act)
    order = _order(act, decision.order)
    if decision.granted:
        demand_approval(order.organization)
    _to(order, OrderStatus.GRANTED if decision.granted else OrderStatus.REFUSED)
    order.decided_at, order.opinion = act.time, words(decision.opinion)
    order.save(update_fields=["status", "decided_at", "opinion"])
    act.about(order, number=order.number, granted=decision.granted)
    return order


@two_persons("psams.order.send", HandOverList, rehearsed=True)
def order_send(act: Act, sent: HandOverList) -> Order:
    """The ministry sends PSAMs: they come into the register of the body that asked. Raises Refusal
    ``psams.quantity``, ``psams.number-taken`` for a serial or terminal number that was ever given,
    ``psams.wrong-region``, ``psams.unfit-number``."""
    ministry = ministry_of(act)
    order = _order(act, sent.order)
    if len(sent.psams) != order.quantity:
        raise Refusal("psams.quantity", most=order.quantity)
    _fit(order.organization, sent)
    filed(order.vendor.filing)
    document = next_number(ministry)
    _to(order, OrderStatus.SENT)
    order.document, order.sent_at = document, act.time
    order.save(update_fields=["status", "document", "sent_at"])
    for each in sent.psams:
        _register(act, order, sent, each)
    serials = [each.serial for each in sent.psams]
    act.about(order, number=order.number, document=document, first=min(serials), last=max(serials))
    return order


@two_persons("psams.order.receive", Receipt, rehearsed=True)
def order_receive(act: Act, receipt: Receipt) -> Order:
    """A body receives what was sent to it, counted by two persons. It needs its PSAM rules (M47 art. 25).

    Raises Refusal ``rules.lacking``, ``psams.other-list`` when what arrived is not what the list says."""
    body = own_body(act, receipt.organization)
    demand_documents(body, kinds=[DocumentKind.PSAM_RULES])
    order = _order(act, receipt.order)
    expected = set(order.psams.values_list("serial", flat=True))
    if order.organization_id != body.pk or receipt.document != order.document:
        raise Refusal("psams.other-list", missing="-", more="-")
    if expected != set(receipt.serials) or len(receipt.serials) != len(expected):
        missing, more = expected - set(receipt.serials), set(receipt.serials) - expected
        raise Refusal("psams.other-list", missing=len(missing), more=len(more))
    tell_approval(act.actor, body, order.document)
    _to(order, OrderStatus.RECEIVED)
    order.received_at = act.time
    order.save(update_fields=["status", "received_at"])
    for psam in owned(act, receipt.serials):
        psam.received_on, psam.document = clock.today(), order.document
        psam.save(update_fields=["received_on", "document"])
        move(psam, Status.RECEIVED, act, order.document)
    act.about(order, number=order.number, document=order.document, received=len(expected))
    return order


def _order(act: Act, number_: str) -> Order:
    found = (
        Order.objects.select_for_update(of=("self",))
        .select_related("organization", "vendor")
        .filter(number=number_)
        .first()
    )
    if found is None or not act.actor.organization.contains(found.organization):
        raise Refusal("base.not-found", what=number_)
    return found


def _to(order: Order, status: OrderStatus) -> None:
    if status not in ORDER_MOVES[OrderStatus(order.status)]:
        raise Refusal("psams.order-not-now", number=order.number, status=order.get_status_display())
    order.status = status


def _fit(body: Organization, sent: HandOverList) -> None:
    if sent.expires_on < sent.starts_on or not 0 <= sent.national_version <= 255:
        raise Refusal("psams.unfit-number", number=sent.batch)
    for each in sent.psams:
        for text, size in ((each.serial, 20), (each.terminal, 12)):
            if len(text) != size or not (text.isascii() and text.isdigit()):
                raise Refusal("psams.unfit-number", number=text)
        if each.terminal[:6] != body.region:
            raise Refusal("psams.wrong-region", terminal=each.terminal, name=body.name)
    serials = [each.serial for each in sent.psams]
    terminals = [each.terminal for each in sent.psams]
    if len(set(serials)) < len(serials) or len(set(terminals)) < len(terminals):
        raise Refusal("psams.named-twice")
    taken = Psam.objects.filter(serial__in=serials) | Psam.objects.filter(terminal__in=terminals)
    first = taken.first()
    if first is not None:
        raise Refusal("psams.number-taken", serial=first.serial)


def _register(act: Act, order: Order, sent: HandOverList, each: Sent) -> None:
    psam = Psam.objects.create(
        serial=each.serial,
        terminal=each.terminal,
        batch=words(sent.batch)[:40],
        vendor=order.vendor,
        order=order,
        owner=order.organization,
        chip=words(sent.chip)[:60],
        cos=words(sent.cos)[:60],
        key_card_type=sent.key_card_type,
        starts_on=sent.starts_on,
        expires_on=sent.expires_on,
    )
    if sent.national_version:
        PsamKey.objects.bulk_create(
            PsamKey(
                psam=psam,
                level=KeyLevel.NATION,
                algorithm=algorithm,
                version=sent.national_version,
                loaded_at=act.time,
                loaded_by=act.actor.organization,
            )
            for algorithm in order.algorithms
        )
    Event.objects.create(
        psam=psam, at=act.time, after=Status.ORDERED, act=act.name, why=order.document, by=act.actor.staff
    )
