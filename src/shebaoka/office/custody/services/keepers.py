"""The register of custodians: appointed by the leader, trained, changed with an inventory by both."""

from datetime import date

import msgspec

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody.choices import Capacity, IdentityKind, Secrecy
from shebaoka.office.custody.models import Carrier, Holding, Hsm, Keeper, KeeperChange, Training
from shebaoka.office.custody.services.common import (
    CUSTODIAN,
    LEADER,
    carriers_of,
    hold,
    let_go,
    maker_and_checker,
    next_number,
    own_body,
    person,
    two_signers,
    words,
)
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization, Staff
from shebaoka.office.organizations.two_persons import two_persons

_KEPT = (Capacity.CUSTODIAN, Capacity.DEPUTY)


class NewKeeper(msgspec.Struct, frozen=True):
    """A custodian. ``document``: of her appointment; ``identity_end``: last four characters of the document
    she showed; ``undertaking``: number of the confidentiality undertaking she signed."""

    organization: str
    person: str
    document: str
    appointed_on: date
    duties: str
    identity_kind: str
    identity_end: str
    phone: str
    phone_off: str
    undertaking: str
    undertaking_on: date
    clearance: str = Secrecy.NONE.value
    deputy: str = ""


class KeeperNews(msgspec.Struct, frozen=True):
    """Where a custodian is reached now, who stands in for her."""

    organization: str
    person: str
    phone: str
    phone_off: str
    deputy: str = ""


class Inventoried(msgspec.Struct, frozen=True):
    """A carrier of the inventory and the seal both saw on it; a device by its serial number, without."""

    serial: str
    seal: str = ""


class KeeperHandOver(msgspec.Struct, frozen=True):
    """She who proposes it hands over to ``successor``. ``renewed``: which PINs and codes were changed;
    ``secrecy_after``: number of the undertaking she signed to keep silent afterwards."""

    organization: str
    successor: str
    reason: str
    renewed: str
    secrecy_after: str
    inventory: tuple[Inventoried, ...]


@two_persons("custody.keeper.appoint", NewKeeper, rehearsed=True)
def keeper_appoint(act: Act, new: NewKeeper) -> Keeper | Organization:
    """Proposed by the security officer, approved by the leader. Raises Refusal ``custody.wrong-person`` for
    one without the role, ``custody.keeper-known``."""
    body = own_body(act, new.organization)
    member = person(body, new.person, CUSTODIAN)
    deputy = _deputy(body, new.deputy, member)
    if Keeper.objects.filter(person=member, left_on=None).exists():
        raise Refusal("custody.keeper-known", number=member.number)
    if new.appointed_on > clock.today() or new.undertaking_on > clock.today():
        raise Refusal("custody.dates")
    ending = new.identity_end.strip().upper()
    if len(ending) != 4 or not ending.isascii() or not ending.isalnum():
        raise Refusal("custody.identity-end")
    fields = {
        "document": words(new.document),
        "duties": words(new.duties),
        "identity_kind": IdentityKind(new.identity_kind),
        "phone": words(new.phone),
        "phone_off": words(new.phone_off),
        "clearance": Secrecy(new.clearance),
        "undertaking": words(new.undertaking),
    }
    signers = maker_and_checker(act)
    if signers is None:
        act.about(body)
        return body
    made = Keeper.objects.create(
        organization=body,
        person=member,
        appointed_on=new.appointed_on,
        identity_end=ending,
        undertaking_on=new.undertaking_on,
        deputy=deputy,
        proposed_by=signers[0],
        appointed_by=signers[1],
        **fields,
    )
    act.about(made, person=member.number, document=made.document, deputy=new.deputy)
    return made


@two_persons("custody.keeper.update", KeeperNews, rehearsed=True)
def keeper_update(act: Act, news: KeeperNews) -> Keeper:
    """Other telephone numbers, another deputy. Raises Refusal ``custody.no-keeper``."""
    body = own_body(act, news.organization)
    found = _keeper(body, news.person)
    found.deputy = _deputy(body, news.deputy, found.person)
    found.phone, found.phone_off = words(news.phone), words(news.phone_off)
    found.save(update_fields=["deputy", "phone", "phone_off"])
    act.about(found, person=news.person, deputy=news.deputy)
    return found


@service("custody.keeper.train")
def keeper_train(
    act: Act, *, organization: str, person: str, held_on: date, subject: str, hours: int, certificate: str
) -> Training:
    """A training she took part in. Raises Refusal ``custody.no-keeper``, ``custody.dates``."""
    body = own_body(act, organization)
    keeper = _keeper(body, person)
    if held_on > clock.today() or not 1 <= hours <= 400 or act.actor.staff is None:
        raise Refusal("custody.dates")
    made = Training.objects.create(
        keeper=keeper,
        held_on=held_on,
        subject=words(subject),
        hours=hours,
        certificate=words(certificate),
        recorded_by=act.actor.staff,
        recorded_at=act.time,
    )
    act.about(made, person=person, held_on=held_on, hours=hours)
    return made


@two_persons("custody.keeper.change", KeeperHandOver, needs=2, rehearsed=True)
def keeper_change(act: Act, change: KeeperHandOver) -> KeeperChange | Organization:
    """The leaving custodian proposes it, her successor and the leader sign. Everything she answers for goes
    to the successor, on the day of the inventory.

    Raises Refusal ``custody.inventory`` unless exactly what she holds is in it, ``custody.seal-differs``,
    ``custody.both-halves``, ``custody.successor-signs`` when the signers are not successor and leader,
    ``custody.no-keeper`` when one of them is not in the register of custodians."""
    body = own_body(act, change.organization)
    leaving = _keeper(body, act.persons.get("maker", act.actor.number))
    successor = person(body, change.successor, CUSTODIAN)
    if successor == leaving.person:
        raise Refusal("custody.two-persons-needed")
    _keeper(body, successor.number)
    reason, renewed, after = words(change.reason), words(change.renewed), words(change.secrecy_after)
    lines = _hand_all_over(act, body, leaving.person, successor, change.inventory)
    signers = two_signers(act) if "maker" in act.persons and "checker" in act.persons else None
    if signers is None:
        act.about(body)
        return body
    other = [each for each in signers if each != successor]
    if len(other) != 1:
        raise Refusal("custody.successor-signs", number=successor.number)
    supervisor = person(body, other[0].number, LEADER)
    leaving.left_on, leaving.secrecy_after = clock.today(), after
    leaving.save(update_fields=["left_on", "secrecy_after"])
    made = KeeperChange.objects.create(
        organization=body,
        number=f"{next_number(body)}-B",
        leaving=leaving.person,
        successor=successor,
        supervisor=supervisor,
        at=act.time,
        reason=reason,
        renewed=renewed,
        secrecy_after=after,
        lines=lines,
    )
    serials = [line["serial"] for line in lines]
    act.about(made, number=made.number, to=successor.number, serials=serials)
    return made


def _hand_all_over(
    act: Act, body: Organization, leaving: Staff, successor: Staff, inventory: tuple[Inventoried, ...]
) -> list[dict[str, str]]:
    """What she keeps comes under the successor; a line for each, as both saw it."""
    held = {
        each.carrier.serial: each
        for each in Holding.objects.filter(person=leaving, until=None).select_related("carrier")
    }
    taken = [each.carrier.serial for each in held.values() if each.capacity not in _KEPT]
    if taken:
        raise Refusal("custody.still-holds", number=leaving.number, serials=", ".join(sorted(taken)))
    devices = Hsm.objects.filter(organization=body).exclude(status="destroyed")
    kept = {each.serial: each for each in devices.select_for_update().order_by("pk")}
    hers = {serial for serial, each in kept.items() if leaving.pk in (each.custodian_id, each.deputy_id)}
    seen = {each.serial: " ".join(each.seal.split()) for each in inventory}
    wrong = sorted(set(seen) ^ (set(held) | hers))
    if wrong or len(seen) != len(inventory):
        raise Refusal("custody.inventory", serials=", ".join(wrong))
    lines = []
    carriers: list[Carrier] = carriers_of(body, sorted(held))
    for carrier in carriers:
        if carrier.seal and seen[carrier.serial] != carrier.seal:
            raise Refusal("custody.seal-differs", serial=carrier.serial)
        capacity = Capacity(held[carrier.serial].capacity)
        let_go(carrier, act.time, capacity)
        stood_in = carrier.holdings.filter(person=successor, until=None, capacity=Capacity.DEPUTY)
        if capacity == Capacity.CUSTODIAN and stood_in.exists():  # she is the custodian now
            let_go(carrier, act.time, Capacity.DEPUTY)
        hold(carrier, successor, capacity, act.time)
        lines.append({"serial": carrier.serial, "kind": carrier.kind, "seal": carrier.seal})
    for serial in sorted(hers):
        device = kept[serial]
        for name in ("custodian", "deputy"):
            if getattr(device, f"{name}_id") == leaving.pk:
                setattr(device, name, successor)
        if device.custodian_id == device.deputy_id:
            raise Refusal("custody.two-capacities", number=successor.number, serial=serial)
        device.save(update_fields=["custodian", "deputy"])
        lines.append({"serial": serial, "kind": "hsm", "seal": ""})
    return lines


def _keeper(body: Organization, number: str) -> Keeper:
    found = Keeper.objects.select_for_update(of=("self",)).select_related("person")
    keeper = found.filter(organization=body, person__number=number, left_on=None).first()
    if keeper is None:
        raise Refusal("custody.no-keeper", number=number)
    return keeper


def _deputy(body: Organization, number: str, member: Staff) -> Staff | None:
    if not number:
        return None
    deputy = person(body, number, CUSTODIAN)
    if deputy == member:
        raise Refusal("custody.two-persons-needed")
    return deputy
