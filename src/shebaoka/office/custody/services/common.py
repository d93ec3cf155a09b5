"""What the services of custody share: finding and locking, who signs, moves, holdings."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody.choices import MOVES, Capacity, CarrierStatus
from shebaoka.office.custody.models import Carrier, Holding, Series, StoragePlace
from shebaoka.office.organizations.acts import Act
from shebaoka.office.organizations.choices import ISSUING
from shebaoka.office.organizations.models import Organization, Staff
from shebaoka.office.organizations.roles import roles

CUSTODIAN = "organizations.key-custodian"
OPERATOR = "organizations.key-administrator"
OFFICER = "organizations.security-officer"
LEADER = "organizations.leader"

_EMPTY = {CarrierStatus.SENT, CarrierStatus.AT_THIRD_PARTY, CarrierStatus.LOST, CarrierStatus.DESTROYED}


def own_body(act: Act, code: str) -> Organization:
    """The body of the three levels whose own staff act here: carriers are in the hands of its people, not of
    those above it. Raises Refusal."""
    found = Organization.objects.filter(code=code).first()
    if found is None:
        raise Refusal("base.not-found", what=code)
    act.on(found)
    if found.closed_on is not None:
        raise Refusal("organizations.closed", name=found.name)
    if found.kind not in ISSUING:
        raise Refusal("custody.no-keys-here", name=found.name)
    if act.actor.organization.pk != found.pk:
        raise Refusal("custody.only-its-own", name=found.name)
    return found


def person(body: Organization, number: str, role: str = "") -> Staff:
    """Active staff of ``body``, with that role today. Raises Refusal ``custody.wrong-person``."""
    day = clock.today()
    found = Staff.objects.filter(number=number, organization=body, is_active=True).first()
    if found is not None and role:
        held = found.assignments.filter(Q(until=None) | Q(until__gt=day), since__lte=day, role=role)
        if not held.exists():
            found = None
    if found is None:
        name = roles()[role].name if role else body.name
        raise Refusal("custody.wrong-person", number=number, role=name)
    return found


def place_of(body: Organization, code: str) -> StoragePlace:
    """An open storage place of ``body``. Raises Refusal."""
    found = StoragePlace.objects.filter(organization=body, code=code, closed_on=None).first()
    if found is None:
        raise Refusal("base.not-found", what=code)
    return found


def carrier_of(body: Organization, serial: str) -> Carrier:
    """A carrier that ``body`` answers for, locked. Raises Refusal."""
    return carriers_of(body, [serial])[0]


def carriers_of(body: Organization, serials: Iterable[str]) -> list[Carrier]:
    """Carriers of ``body`` in the order asked for, locked in the order of their ids. Raises Refusal for one
    that is not there or named twice."""
    serials = list(serials)
    locked = Carrier.objects.select_for_update(of=("self",)).filter(serial__in=serials, holder=body)
    found = {carrier.serial: carrier for carrier in locked.order_by("pk")}
    for serial in serials:
        if serial not in found:
            raise Refusal("base.not-found", what=serial)
    if len(set(serials)) != len(serials):
        raise Refusal("custody.named-twice")
    return [found[serial] for serial in serials]


def two_signers(act: Act) -> tuple[Staff, Staff] | None:
    """The two persons who signed last: of an act with one checker maker and checker, of one with two the
    checkers. None while the act is only rehearsed for its maker."""
    first = act.persons.get("checker") or act.persons["maker"]
    second = act.actor.staff
    if second is None or first == second.number:
        return None
    return Staff.objects.get(number=first), second


def maker_and_checker(act: Act) -> tuple[Staff, Staff] | None:
    """Who proposed and who checked; None while it is only rehearsed for its maker."""
    if act.actor.staff is None or act.persons["maker"] == act.actor.number:
        return None
    return Staff.objects.get(number=act.persons["maker"]), act.actor.staff


def move(carrier: Carrier, status: CarrierStatus) -> None:
    """Another status; on the way, away, lost or destroyed it lies in no place. The caller saves. Raises
    Refusal ``custody.not-now``."""
    if status not in MOVES[CarrierStatus(carrier.status)]:
        raise Refusal("custody.not-now", serial=carrier.serial, status=carrier.get_status_display())
    carrier.status = status
    if status in _EMPTY:
        carrier.place, carrier.compartment = None, ""


def hold(carrier: Carrier, holder: Staff, capacity: Capacity, time: datetime) -> None:
    """From now on she holds the carrier. Raises Refusal ``custody.both-halves`` when she would then hold a
    mother card and its transmission card, ``custody.two-capacities`` for the same carrier twice."""
    try:
        with transaction.atomic():
            Holding.objects.create(carrier=carrier, person=holder, capacity=capacity, since=time)
    except IntegrityError as error:
        values = {"number": holder.number, "serial": carrier.serial}
        if "holding_never_both_halves" in str(error):
            raise Refusal("custody.both-halves", **values) from None
        if "holding_one" in str(error):
            raise Refusal("custody.two-capacities", **values) from None
        raise


def let_go(carrier: Carrier, time: datetime, *capacities: Capacity) -> None:
    """She, or with no capacity named everybody, holds it no more."""
    held = Holding.objects.filter(carrier=carrier, until=None)
    if capacities:
        held = held.filter(capacity__in=capacities)
    held.update(until=time)


def next_number(body: Organization) -> str:
    """The next number of the body's memoranda this year: region, year, count (R-56)."""
    year = clock.today().year
    Series.objects.get_or_create(organization=body, year=year)
    series = Series.objects.select_for_update().get(organization=body, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{body.region}-{year}-{series.last:04d}"


def words(text: str, code: str = "custody.say-why") -> str:
    """A text that must say something, tidied. Raises Refusal."""
    tidy = " ".join(text.split())
    if not tidy:
        raise Refusal(code)
    return tidy
