"""The writers of the register of carriers: numbered by the ministry, stored, paired, lost, found, damaged."""

from datetime import date

import msgspec

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody import hooks
from shebaoka.office.custody.choices import PAIRED, Capacity, CarrierKind, CarrierStatus, Secrecy
from shebaoka.office.custody.facts import is_key_id
from shebaoka.office.custody.models import Carrier
from shebaoka.office.custody.services.common import (
    CUSTODIAN,
    carrier_of,
    carriers_of,
    hold,
    let_go,
    move,
    own_body,
    person,
    place_of,
    words,
)
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.choices import Kind
from shebaoka.office.organizations.models import Organization
from shebaoka.office.organizations.two_persons import two_persons


class Numbering(msgspec.Struct, frozen=True):
    """New carriers of the ministry. ``document``: of their delivery; ``secrecy_until``: where classified."""

    organization: str
    kind: str
    serials: tuple[str, ...]
    document: str
    secrecy: str = Secrecy.NONE.value
    secrecy_until: date | None = None


class Storing(msgspec.Struct, frozen=True):
    """Where a carrier belongs and who answers for it. ``seal``: on its envelope now; ``deputy``: may be
    empty, for a body that has too few custodians to keep the halves of a pair apart."""

    organization: str
    serial: str
    place: str
    compartment: str
    custodian: str
    seal: str
    deputy: str = ""


class Pairing(msgspec.Struct, frozen=True):
    """An export: mother card and transmission card that now belong together. ``reference``: of the export,
    16 hex digits; ``content``: what is on the mother card, in words, without values; ``keys``: their ids."""

    organization: str
    mother: str
    transmission: str
    reference: str
    content: str
    keys: tuple[str, ...] = ()


class Finding(msgspec.Struct, frozen=True):
    """A lost carrier is back."""

    organization: str
    serial: str
    custodian: str
    seal: str
    explanation: str


@two_persons("custody.carrier.number", Numbering, rehearsed=True)
def carriers_number(act: Act, new: Numbering) -> Organization:
    """New carriers: only the ministry has any to number (M47 art. 23, R-27). Raises Refusal
    ``custody.ministry-only``, ``custody.serial``, ``custody.serial-known``."""
    body = own_body(act, new.organization)
    if body.kind != Kind.MINISTRY:
        raise Refusal("custody.ministry-only")
    if new.kind not in CarrierKind.values or new.secrecy not in Secrecy.values or not new.serials:
        raise Refusal("base.not-found", what=new.kind)
    for serial in new.serials:
        if len(serial) != 16 or not (serial.isascii() and serial.isdecimal()):
            raise Refusal("custody.serial", serial=serial)
    if len(set(new.serials)) != len(new.serials):
        raise Refusal("custody.named-twice")
    known = Carrier.objects.filter(serial__in=new.serials).values_list("serial", flat=True).first()
    if known is not None:
        raise Refusal("custody.serial-known", serial=known)
    document = words(new.document)
    Carrier.objects.bulk_create(
        Carrier(
            serial=serial,
            kind=new.kind,
            issuer=body,
            holder=body,
            document=document,
            secrecy=new.secrecy,
            secrecy_until=new.secrecy_until if new.secrecy != Secrecy.NONE else None,
            numbered_on=clock.today(),
        )
        for serial in new.serials
    )
    act.about(body, kind=new.kind, serials=list(new.serials), document=document)
    return body


@two_persons("custody.carrier.store", Storing, rehearsed=True)
def carrier_store(act: Act, to: Storing) -> Carrier:
    """A carrier is put in its place, or comes under other custodians. Raises Refusal
    ``custody.both-halves`` for somebody who already has its other half, ``custody.same-place`` for the place
    where that lies."""
    body = own_body(act, to.organization)
    carrier = carrier_of(body, to.serial)
    if to.custodian == to.deputy:
        raise Refusal("custody.two-persons-needed")
    if carrier.status == CarrierStatus.OUT:
        raise Refusal("custody.not-now", serial=carrier.serial, status=carrier.get_status_display())
    if carrier.status != CarrierStatus.STORED:
        move(carrier, CarrierStatus.STORED)
    place = place_of(body, to.place)
    other = Carrier.objects.filter(pair=carrier.pair, place=place).exclude(pk=carrier.pk)
    if carrier.pair and other.exists():
        raise Refusal("custody.same-place", serial=carrier.serial, place=place.name)
    let_go(carrier, act.time)
    hold(carrier, person(body, to.custodian, CUSTODIAN), Capacity.CUSTODIAN, act.time)
    if to.deputy:
        hold(carrier, person(body, to.deputy, CUSTODIAN), Capacity.DEPUTY, act.time)
    carrier.place, carrier.compartment = place, " ".join(to.compartment.split())
    carrier.seal = words(to.seal)
    carrier.save(update_fields=["status", "place", "compartment", "seal"])
    about = {"place": place.code, "custodian": to.custodian, "deputy": to.deputy, "seal": carrier.seal}
    act.about(carrier, serial=carrier.serial, **about)
    return carrier


@two_persons("custody.carrier.pair", Pairing, rehearsed=True)
def carriers_pair(act: Act, new: Pairing) -> Carrier:
    """Mother card and transmission card of one export. From now on nobody holds both. Raises Refusal
    ``custody.both-halves`` when somebody does at this moment."""
    body = own_body(act, new.organization)
    mother, transmission = carriers_of(body, [new.mother, new.transmission])
    if (mother.kind, transmission.kind) != PAIRED:
        raise Refusal("custody.no-pair")
    reference = new.reference.upper()
    if len(reference) != 16 or set(reference) - set("0123456789ABCDEF"):
        raise Refusal("custody.reference", reference=new.reference)
    if Carrier.objects.filter(pair=reference).exclude(pk__in=[mother.pk, transmission.pk]).exists():
        raise Refusal("custody.reference-known", reference=reference)
    if mother.place_id is not None and mother.place_id == transmission.place_id:
        raise Refusal("custody.same-place", serial=mother.serial, place=mother.place)
    held = mother.holdings.filter(until=None).values("person")
    both = transmission.holdings.filter(until=None, person__in=held).select_related("person").first()
    if both is not None:
        raise Refusal("custody.both-halves", number=both.person.number, serial=mother.serial)
    before = {mother.pair, transmission.pair} - {"", reference}
    Carrier.objects.filter(pair__in=before).update(pair="")
    for carrier in (mother, transmission):
        carrier.pair = reference
    mother.content = words(new.content)
    mother.keys = sorted({key.strip() for key in new.keys} - {""})
    wrong = next((key for key in mother.keys if not is_key_id(key)), None)
    if wrong is not None:
        raise Refusal("custody.key-id", key=wrong)
    mother.save(update_fields=["pair", "content", "keys"])
    transmission.save(update_fields=["pair"])
    act.about(mother, mother=mother.serial, transmission=transmission.serial, reference=reference)
    return mother


@service("custody.carrier.lose")
def carrier_lose(act: Act, *, organization: str, serial: str, what: str) -> str:
    """A carrier is lost: at once, by one person; an incident is opened (M47 art. 26) and its number
    returned."""
    body = own_body(act, organization)
    carrier = carrier_of(body, serial)
    reason = words(what)
    move(carrier, CarrierStatus.LOST)
    let_go(carrier, act.time)
    carrier.save(update_fields=["status", "place", "compartment"])
    close_movement(act, carrier, reason)
    report = hooks.Report(act.actor, body, "carrier-lost", act.time, reason, carrier, serials=(serial,))
    incident = hooks.open_incident(report)
    act.about(carrier, serial=serial, incident=incident)
    return incident


@service("custody.carrier.damage")
def carrier_damage(act: Act, *, organization: str, serial: str, what: str) -> Carrier:
    """A carrier does not work any more; it stays where it is until it is sent back or destroyed."""
    body = own_body(act, organization)
    carrier = carrier_of(body, serial)
    reason = words(what)
    if carrier.status == CarrierStatus.OUT:
        raise Refusal("custody.not-now", serial=serial, status=carrier.get_status_display())
    move(carrier, CarrierStatus.DAMAGED)
    carrier.save(update_fields=["status"])
    act.about(carrier, serial=serial, what=reason)
    return carrier


@two_persons("custody.carrier.find", Finding, rehearsed=True)
def carrier_find(act: Act, new: Finding) -> Carrier:
    """A lost carrier is found; two persons look at its seal, and it is stored anew after that."""
    body = own_body(act, new.organization)
    carrier = carrier_of(body, new.serial)
    if carrier.status != CarrierStatus.LOST:
        raise Refusal("custody.not-now", serial=carrier.serial, status=carrier.get_status_display())
    move(carrier, CarrierStatus.RETURNED)
    hold(carrier, person(body, new.custodian, CUSTODIAN), Capacity.CUSTODIAN, act.time)
    carrier.seal = words(new.seal)
    carrier.save(update_fields=["status", "seal"])
    act.about(carrier, serial=carrier.serial, seal=carrier.seal, explanation=words(new.explanation))
    return carrier


def close_movement(act: Act, carrier: Carrier, reason: str) -> None:
    """A carrier that is lost while it is out will not be brought back: two persons never sign for it, the
    movement says what happened."""
    carrier.movements.filter(in_at=None, remark="").update(remark=reason[:400])
