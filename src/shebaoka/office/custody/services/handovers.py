"""Hand-over of carriers to a third party: four documents, then two signatures out and back (M47 art. 24)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeAlias

import msgspec

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.files import keep
from shebaoka.office.custody.choices import Capacity, CarrierStatus, HandOverStatus
from shebaoka.office.custody.models import HandOver, HandOverLine, SupervisionVisit
from shebaoka.office.custody.services.common import (
    CUSTODIAN,
    OFFICER,
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
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.choices import ISSUING
from shebaoka.office.organizations.models import Organization
from shebaoka.office.organizations.two_persons import two_persons
from shebaoka.office.parameters.selectors import number as parameter

_S = HandOverStatus
Scan: TypeAlias = tuple[str, bytes]
"""Name and content of a file."""


class Entrusted(msgspec.Struct, frozen=True):
    """A carrier of a hand-over and who at the third party answers for it (staff number)."""

    serial: str
    person: str


class Release(msgspec.Struct, frozen=True):
    """The carriers leave."""

    organization: str
    number: str


class SealBack(msgspec.Struct, frozen=True):
    """A carrier that came back, its seal, and who keeps it now."""

    serial: str
    seal: str
    custodian: str


class Return(msgspec.Struct, frozen=True):
    """The carriers are back, all of them."""

    organization: str
    number: str
    carriers: tuple[SealBack, ...]


@service("custody.hand-over.prepare")
def hand_over_prepare(
    act: Act,
    *,
    organization: str,
    third_party: str,
    purpose: str,
    due_on: date,
    carriers: Sequence[Entrusted],
) -> HandOver:
    """What is to go where, why, until when; nothing leaves yet. Raises Refusal."""
    body = own_body(act, organization)
    other = Organization.objects.filter(code=third_party, closed_on=None).first()
    if other is None or other.kind in ISSUING:
        raise Refusal("custody.no-third-party", number=third_party)
    days = parameter(body, "custody.hand-over-days")
    if not clock.today() < due_on <= clock.today() + timedelta(days=days) or act.actor.staff is None:
        raise Refusal("custody.due-date", days=days)
    if not carriers:
        raise Refusal("custody.nothing-named")
    locked = carriers_of(body, [each.serial for each in carriers])
    made = HandOver.objects.create(
        organization=body,
        third_party=other,
        number=f"{next_number(body)}-T",
        purpose=words(purpose),
        due_on=due_on,
        prepared_by=act.actor.staff,
        prepared_at=act.time,
    )
    for carrier, each in zip(locked, carriers, strict=True):
        if carrier.status != CarrierStatus.STORED:
            raise Refusal("custody.not-now", serial=carrier.serial, status=carrier.get_status_display())
        HandOverLine.objects.create(hand_over=made, carrier=carrier, person=person(other, each.person))
    serials = [carrier.serial for carrier in locked]
    act.about(made, number=made.number, to=other.code, serials=serials, due_on=due_on)
    return made


@service("custody.hand-over.record")
def hand_over_record(
    act: Act, *, organization: str, number: str, day: date, place: str, transport: str
) -> HandOver:
    """The first of four: the hand-over record (交接记录)."""
    made = _prepared(act, organization, number)
    made.record_on, made.record_place = day, words(place)
    made.record_transport, made.record_by = words(transport), act.actor.staff
    return _completed(act, made, "record")


@service("custody.hand-over.agree")
def hand_over_agree(
    act: Act,
    *,
    organization: str,
    number: str,
    agreement: str,
    signed_on: date,
    valid_until: date,
    ours: str,
    theirs: str,
    scan: Scan,
) -> HandOver:
    """The second: the confidentiality agreement (保密协议), signed by both sides, with its scan. Raises
    Refusal ``custody.agreement-short`` when it ends before the carriers are due."""
    made = _prepared(act, organization, number)
    if not signed_on <= clock.today() or valid_until < made.due_on:
        raise Refusal("custody.agreement-short", due=made.due_on)
    made.agreement_number, made.agreement_on, made.agreement_until = words(agreement), signed_on, valid_until
    made.agreement_ours, made.agreement_theirs = words(ours), words(theirs)
    made.agreement_name, made.agreement_file = keep(*scan)
    return _completed(act, made, "agreement")


@service("custody.hand-over.review")
def hand_over_review(
    act: Act, *, organization: str, number: str, version: str, approved: bool, remark: str, scan: Scan
) -> HandOver:
    """The third: the third party's security plan (安全管理方案) is reviewed, by another person than prepared
    the hand-over."""
    made = _prepared(act, organization, number)
    if act.actor.staff is None or act.actor.staff.pk == made.prepared_by_id:
        raise Refusal("organizations.own-matter")
    made.plan_version, made.plan_reviewer, made.plan_on = words(version), act.actor.staff, clock.today()
    made.plan_approved, made.plan_remark = approved, " ".join(remark.split())
    if not approved:
        words(remark)
    made.plan_name, made.plan_file = keep(*scan)
    return _completed(act, made, "plan")


@service("custody.hand-over.supervise")
def hand_over_supervise(
    act: Act, *, organization: str, number: str, supervisor: str, every_days: int, what: str
) -> HandOver:
    """The fourth: who supervises the use, how often, and looks at what (监督使用)."""
    made = _prepared(act, organization, number)
    longest = parameter(made.organization, "custody.supervision-days")
    if not 1 <= every_days <= longest:
        raise Refusal("custody.visit-days", days=longest)
    made.supervisor = person(made.organization, supervisor, OFFICER)
    made.supervision_days, made.supervision_what = every_days, words(what)
    return _completed(act, made, "supervision")


@service("custody.hand-over.withdraw")
def hand_over_withdraw(act: Act, *, organization: str, number: str, why: str) -> HandOver:
    """Nothing leaves after all."""
    made = _found(act, organization, number)
    if made.status not in (_S.PREPARED, _S.EFFECTIVE):
        raise Refusal("custody.hand-over-state", number=number, status=made.get_status_display())
    made.status = _S.WITHDRAWN
    made.save(update_fields=["status"])
    act.about(made, number=number, why=words(why))
    return made


@two_persons("custody.hand-over.release", Release, rehearsed=True)
def hand_over_release(act: Act, release: Release) -> HandOver:
    """The carriers leave: only with all four documents, signed by two custodians; nobody at the third party
    gets a mother card and its transmission card. Raises Refusal ``custody.documents-missing``."""
    made = _found(act, release.organization, release.number)
    missing = missing_documents(made)
    if missing or made.status == _S.PREPARED:
        raise Refusal("custody.documents-missing", number=made.number, missing=", ".join(missing))
    if made.status != _S.EFFECTIVE:
        raise Refusal("custody.hand-over-state", number=made.number, status=made.get_status_display())
    if made.due_on <= clock.today():
        raise Refusal("custody.due-date", days=parameter(made.organization, "custody.hand-over-days"))
    signers = two_signers(act)
    if signers is not None:
        made.status, made.out_at, made.out_a, made.out_b = _S.OUT, act.time, *signers
        made.save(update_fields=["status", "out_at", "out_a", "out_b"])
    lines = made.lines.select_related("carrier", "person")
    by_serial = {line.carrier.serial: line for line in lines}
    for carrier in carriers_of(made.organization, sorted(by_serial)):
        line = by_serial[carrier.serial]
        let_go(carrier, act.time)
        hold(carrier, line.person, Capacity.THIRD_PARTY, act.time)
        line.seal = carrier.seal
        line.save(update_fields=["seal"])
        move(carrier, CarrierStatus.AT_THIRD_PARTY)
        carrier.save(update_fields=["status", "place", "compartment"])
    act.about(made, number=made.number, to=made.third_party.code, serials=sorted(by_serial))
    return made


@service("custody.hand-over.visit")
def hand_over_visit(
    act: Act, *, organization: str, number: str, day: date, found: str, in_order: bool
) -> SupervisionVisit:
    """A supervision visit (R-30)."""
    made = _found(act, organization, number)
    if made.status != _S.OUT or act.actor.staff is None:
        raise Refusal("custody.hand-over-state", number=number, status=made.get_status_display())
    if not made.out_at or not made.out_at.astimezone(clock.CHINA).date() <= day <= clock.today():
        raise Refusal("custody.dates")
    visit = SupervisionVisit.objects.create(
        hand_over=made, visited_on=day, supervisor=act.actor.staff, found=words(found), in_order=in_order
    )
    act.about(visit, number=number, day=day, in_order=in_order)
    return visit


@two_persons("custody.hand-over.return", Return, rehearsed=True)
def hand_over_return(act: Act, back: Return) -> HandOver:
    """All carriers are back, signed for by two custodians; each is stored anew after that."""
    made = _found(act, back.organization, back.number)
    if made.status != _S.OUT:
        raise Refusal("custody.hand-over-state", number=made.number, status=made.get_status_display())
    lines = {line.carrier.serial: line for line in made.lines.select_related("carrier")}
    waiting = [s for s, line in lines.items() if line.carrier.status == CarrierStatus.AT_THIRD_PARTY]
    if sorted(waiting) != sorted(each.serial for each in back.carriers):
        raise Refusal("custody.count-all", number=made.number)
    given = {each.serial: each for each in back.carriers}
    for carrier in carriers_of(made.organization, sorted(given)):
        each = given[carrier.serial]
        let_go(carrier, act.time)
        hold(carrier, person(made.organization, each.custodian, CUSTODIAN), Capacity.CUSTODIAN, act.time)
        move(carrier, CarrierStatus.RETURNED)
        carrier.seal = lines[carrier.serial].seal_back = words(each.seal)
        carrier.save(update_fields=["status", "seal"])
        lines[carrier.serial].save(update_fields=["seal_back"])
    signers = two_signers(act)
    if signers is not None:
        made.status, made.returned_at = _S.RETURNED, act.time
        made.returned_a, made.returned_b = signers
        made.save(update_fields=["status", "returned_at", "returned_a", "returned_b"])
    act.about(made, number=made.number, serials=sorted(given))
    return made


def missing_documents(made: HandOver) -> list[str]:
    """Which of the four are not there: record, agreement, plan, supervision."""
    there = {
        "record": made.record_on is not None,
        "agreement": bool(made.agreement_file),
        "plan": made.plan_approved is True,
        "supervision": made.supervisor_id is not None,
    }
    return [name for name, found in there.items() if not found]


def _found(act: Act, organization: str, number: str) -> HandOver:
    body = own_body(act, organization)
    found = HandOver.objects.select_for_update(of=("self",)).select_related("third_party", "organization")
    made = found.filter(organization=body, number=number).first()
    if made is None:
        raise Refusal("base.not-found", what=number)
    return made


def _prepared(act: Act, organization: str, number: str) -> HandOver:
    """A hand-over whose documents may still change: until the carriers leave."""
    made = _found(act, organization, number)
    if made.status not in (_S.PREPARED, _S.EFFECTIVE):
        raise Refusal("custody.hand-over-state", number=number, status=made.get_status_display())
    return made


def _completed(act: Act, made: HandOver, part: str) -> HandOver:
    """Saves a document; with the fourth the hand-over is effective, with one that falls away no more."""
    effective = not missing_documents(made)
    if made.status == _S.EFFECTIVE and not effective:
        raise Refusal("custody.hand-over-state", number=made.number, status=made.get_status_display())
    if effective:
        made.status = _S.EFFECTIVE
    made.save()
    act.about(made, number=made.number, document=part, effective=effective)
    return made
