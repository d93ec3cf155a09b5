"""The writers of units and places of use: service agreements (R-32) and the environment (M47 art. 25)."""

from datetime import date

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization
from shebaoka.office.psams.choices import AT_UNIT, Network, PlaceKind, RecallReason
from shebaoka.office.psams.models import Agreement, Place, Psam, RecallLine
from shebaoka.office.psams.services.common import own_body, owned, unit_of, words
from shebaoka.office.psams.services.recalling import call_back


@service("psams.agreement.record")
def agreement_record(
    act: Act, *, body: Organization, unit: Organization, number: str, since: date, until: date
) -> Agreement:
    """A service agreement with a unit (R-32). Raises Refusal ``psams.agreement-known``, ``psams.dates``."""
    body = own_body(act, body.code)
    found = unit_of(body, unit.code)
    reference = words(number)[:60]
    if until < since:
        raise Refusal("psams.dates")
    if Agreement.objects.filter(body=body, number=reference).exists():
        raise Refusal("psams.agreement-known", number=reference)
    made = Agreement.objects.create(body=body, unit=found, number=reference, since=since, until=until)
    act.about(made, number=reference, unit=found.code, until=until)
    return made


@service("psams.agreement.end")
def agreement_end(act: Act, *, agreement: Agreement, why: str) -> Agreement:
    """It ends before its last day; what the unit holds is called back."""
    found = Agreement.objects.select_for_update(of=("self",)).filter(pk=agreement.pk, ended_on=None).first()
    if found is None:
        raise Refusal("base.not-found", what=agreement.number)
    body = own_body(act, found.body.code)
    found.ended_on = clock.today()
    found.save(update_fields=["ended_on"])
    called = []
    if not valid_agreement(body, found.unit):
        called = [
            each.serial
            for each in Psam.objects.select_for_update(of=("self",))
            .filter(owner=body, issues__unit=found.unit, issues__ended_at=None, status__in=AT_UNIT)
            .exclude(recalls__in=RecallLine.objects.filter(returned_at=None))
            .order_by("pk")
        ]
        if called:
            call_back(act, body, owned(act, called), RecallReason.AGREEMENT, words(why))
    act.about(found, number=found.number, why=words(why), recalled=len(called))
    return found


def valid_agreement(body: Organization, unit: Organization, day: date | None = None) -> bool:
    """Whether the unit may hold PSAMs of the body; a body's own places need no agreement with itself."""
    day = day or clock.today()
    found = Agreement.objects.filter(body=body, unit=unit, since__lte=day, until__gte=day)
    return unit.pk == body.pk or found.exclude(ended_on__lte=day).exists()


@service("psams.place.record")
def place_record(
    act: Act,
    *,
    body: Organization,
    unit: Organization,
    code: str,
    kind: PlaceKind,
    name: str,
    address: str,
    attended: bool,
    camera: bool,
    network: Network,
    terminals: int,
    room: str = "",
    machine: str = "",
    reader: str = "",
) -> Place:
    """A place of use, or what changed of it. Raises Refusal."""
    body = own_body(act, body.code)
    found = unit_of(body, unit.code)
    if not 0 < terminals <= 1000:
        raise Refusal("psams.quantity", most=1000)
    if Place.objects.filter(unit=found, code=words(code)[:40]).exclude(closed_on=None).exists():
        raise Refusal("psams.place-closed", place=code)
    made, _new = Place.objects.update_or_create(
        unit=found,
        code=words(code)[:40],
        defaults={
            "kind": PlaceKind(kind),
            "name": words(name)[:120],
            "address": words(address)[:200],
            "room": room.strip()[:60],
            "machine": machine.strip()[:60],
            "reader": reader.strip()[:60],
            "attended": attended,
            "camera": camera,
            "network": Network(network),
            "terminals": terminals,
        },
    )
    act.about(made, unit=found.code, code=made.code, terminals=terminals, network=made.network)
    return made


@service("psams.place.close")
def place_close(act: Act, *, body: Organization, unit: Organization, code: str, why: str) -> Place:
    """No PSAM is used there any more. Raises Refusal ``psams.place-used`` while one is issued there."""
    body = own_body(act, body.code)
    found = place_of(unit_of(body, unit.code), code)
    used = found.issues.filter(ended_at=None).select_related("psam").first()
    if used is not None:
        raise Refusal("psams.place-used", place=found.name, serial=used.psam.serial)
    found.closed_on = clock.today()
    found.save(update_fields=["closed_on"])
    act.about(found, unit=found.unit.code, code=found.code, why=words(why))
    return found


def place_of(unit: Organization, code: str) -> Place:
    """An open place of the unit, locked. Raises Refusal."""
    found = Place.objects.select_for_update(of=("self",)).filter(unit=unit, code=code, closed_on=None).first()
    if found is None:
        raise Refusal("base.not-found", what=code)
    return found
