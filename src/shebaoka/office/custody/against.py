"""What stands against closing a body or letting somebody go: carriers and devices not handed over."""

from django.db.models import Q

from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody.models import Carrier, Hsm, Keeper
from shebaoka.office.custody.selectors.registers import holdings_of
from shebaoka.office.organizations.models import Organization, Staff


def holds_carriers(member: Staff) -> None:
    """Raises Refusal ``custody.still-holds`` naming what she has to hand over first (custodian change)."""
    serials = list(holdings_of(member).values_list("carrier__serial", flat=True))
    kept = Hsm.objects.filter(Q(custodian=member) | Q(deputy=member)).exclude(status="destroyed")
    serials += kept.values_list("serial", flat=True)
    if serials:
        raise Refusal("custody.still-holds", number=member.number, serials=", ".join(serials))
    if Keeper.objects.filter(person=member, left_on=None).exists():
        raise Refusal("custody.still-keeper", number=member.number)


def body_holds_carriers(body: Organization) -> None:
    """Raises Refusal ``custody.body-still-holds``."""
    carriers = Carrier.objects.filter(holder=body).exclude(status="destroyed").count()
    devices = Hsm.objects.filter(organization=body).exclude(status="destroyed").count()
    if carriers or devices:
        raise Refusal("custody.body-still-holds", name=body.name, carriers=carriers, devices=devices)
