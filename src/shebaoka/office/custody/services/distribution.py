"""Distribution: a body applies to the one above it, which sends; what comes is counted (R-27, P20)."""

from datetime import date

import msgspec

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody import hooks
from shebaoka.office.custody.choices import CarrierKind, OrderStatus
from shebaoka.office.custody.models import Hsm, Order
from shebaoka.office.custody.services.common import CUSTODIAN, next_number, own_body, person, words
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.choices import Kind
from shebaoka.office.organizations.two_persons import two_persons

QUANTITIES = {
    CarrierKind.MASTER_CONTROL: "master_control",
    CarrierKind.MOTHER: "mother",
    CarrierKind.TRANSMISSION: "transmission",
}


class Application(msgspec.Struct, frozen=True):
    """The key application form (F5). ``hsm``: serial of the body's device; ``letter``: letter of
    introduction of the courier; quantities by kind of carrier."""

    organization: str
    approval: str
    hsm: str
    key_set: str
    purpose: str
    master_control: int
    mother: int
    transmission: int
    custodian_a: str
    custodian_b: str
    courier: str
    letter: str
    planned_on: date
    place: str


@two_persons("custody.order.submit", Application, rehearsed=True)
def order_submit(act: Act, new: Application) -> Order:
    """An application to the body above. Raises Refusal ``custody.nobody-above``, ``custody.order-empty``,
    ``custody.hsm-unfit`` for a device without valid certificate and conformity (M47 art. 22)."""
    from shebaoka.office.custody.selectors.hsms import unfit

    body = own_body(act, new.organization)
    if body.kind == Kind.MINISTRY:
        raise Refusal("custody.nobody-above", name=body.name)
    if not all(asked(body) for asked in hooks.APPROVED):
        raise Refusal("custody.not-approved", name=body.name)
    quantities = (new.master_control, new.mother, new.transmission)
    if min(quantities) < 0 or not any(quantities) or max(quantities) > 999:
        raise Refusal("custody.order-empty")
    if new.custodian_a == new.custodian_b:
        raise Refusal("custody.two-persons-needed")
    hsm = Hsm.objects.filter(organization=body, serial=new.hsm).first()
    if hsm is None:
        raise Refusal("base.not-found", what=new.hsm)
    problem = unfit(hsm, clock.today())
    if problem is not None:
        raise Refusal("custody.hsm-unfit", serial=hsm.serial, reason=problem)
    made = Order.objects.create(
        organization=body,
        number=f"{next_number(body)}-K",
        approval=words(new.approval),
        hsm=hsm,
        key_set=words(new.key_set),
        purpose=words(new.purpose),
        master_control=new.master_control,
        mother=new.mother,
        transmission=new.transmission,
        custodian_a=person(body, new.custodian_a, CUSTODIAN),
        custodian_b=person(body, new.custodian_b, CUSTODIAN),
        courier=person(body, new.courier),
        letter=words(new.letter),
        planned_on=new.planned_on,
        place=words(new.place),
        submitted_at=act.time,
    )
    counts = {column: getattr(made, column) for column in QUANTITIES.values()}
    act.about(made, number=made.number, approval=made.approval, **counts)
    return made


@service("custody.order.refuse")
def order_refuse(act: Act, *, number: str, remark: str) -> Order:
    """The body above does not send what was applied for, and says why."""
    order = Order.objects.select_for_update(of=("self",)).filter(number=number).first()
    if order is None or order.organization.parent_id != act.actor.organization.pk:
        raise Refusal("base.not-found", what=number)
    act.on(order.organization)
    if order.status != OrderStatus.SUBMITTED:
        raise Refusal("custody.order-over", number=number)
    order.status, order.remark = OrderStatus.REFUSED, words(remark)
    order.save(update_fields=["status", "remark"])
    act.about(order, number=number, remark=order.remark)
    return order
