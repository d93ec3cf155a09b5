"""The writers of issues: to whom a PSAM goes and who answers for it."""

import msgspec

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization
from shebaoka.office.organizations.two_persons import two_persons
from shebaoka.office.parameters.selectors import number, text
from shebaoka.office.psams.choices import AT_UNIT, Purpose, RecallReason, Status
from shebaoka.office.psams.conditions import accepted_digest
from shebaoka.office.psams.models import Issue, Place, Psam
from shebaoka.office.psams.services.common import (
    held,
    issue_of,
    move,
    not_now,
    own_body,
    owned,
    person,
    signers,
    unit_of,
    words,
)
from shebaoka.office.psams.services.placing import place_of, valid_agreement
from shebaoka.office.psams.services.recalling import call_back
from shebaoka.office.rules.choices import DocumentKind
from shebaoka.office.rules.selectors import demand_documents


class NewIssue(msgspec.Struct, frozen=True):
    """A PSAM for a place of a unit and its keeper. ``replaces``: serial of the one it stands for, empty for
    none."""

    organization: str
    serial: str
    unit: str
    place: str
    keeper: str
    purpose: Purpose
    replaces: str = ""


class HandingOn(msgspec.Struct, frozen=True):
    """A PSAM that comes to another keeper of the unit; she checks the act herself."""

    serial: str
    keeper: str


class Relocation(msgspec.Struct, frozen=True):
    """A PSAM that comes to another place of its unit."""

    organization: str
    serial: str
    place: str
    why: str


@two_persons("psams.psam.issue", NewIssue, rehearsed=True)
def psam_issue(act: Act, new: NewIssue) -> Issue:
    """A PSAM goes out of stock to a unit (R-32). Raises Refusal ``rules.lacking``, ``psams.no-agreement``,
    ``psams.place-full``, ``psams.no-keeper``, ``psams.expires``, ``psams.old-one-first`` for an exchange
    whose old PSAM is none of the unit's."""
    body = own_body(act, new.organization)
    demand_documents(body, kinds=[DocumentKind.PSAM_RULES])
    psam, *old = owned(act, [each for each in (new.serial, new.replaces) if each])
    if psam.status != Status.IN_STOCK:
        raise not_now(psam)
    unit = unit_of(body, new.unit)
    place = place_of(unit, new.place)
    keeper = person(new.keeper, unit)
    if not valid_agreement(body, unit):
        raise Refusal("psams.no-agreement", name=unit.name)
    if psam.expires_on <= clock.today():
        raise Refusal("psams.expires", serial=psam.serial, day=psam.expires_on)
    if old:
        _exchange(act, body, unit, old[0])
    _has_room(body, place, but=old[0] if old else None)
    maker, checker = signers(act)
    made = Issue.objects.create(
        psam=psam,
        unit=unit,
        place=place,
        keeper=keeper,
        purpose=new.purpose,
        issued_at=act.time,
        issued_by=maker,
        checked_by=checker,
        replaces=old[0] if old else None,
    )
    move(psam, Status.ISSUED, act, unit.code)
    act.about(psam, serial=psam.serial, unit=unit.code, place=place.code, purpose=new.purpose.value)
    act.persons["keeper"] = keeper.number
    return made


@service("psams.psam.accept")
def psam_accept(act: Act, *, serial: str, conditions: str) -> Issue:
    """The keeper signs for the PSAM and for the conditions of use (R-34); ``conditions``: the digest of what
    she read. Raises Refusal ``psams.not-keeper``, ``psams.conditions-changed``, ``psams.accepted``."""
    psam, issue = held(act, serial)
    if issue is None or psam.status not in (Status.ISSUED, Status.FROZEN):
        raise not_now(psam)
    if act.actor.staff is None or issue.keeper_id != act.actor.staff.pk:
        raise Refusal("psams.not-keeper", serial=serial)
    if issue.accepted_at is not None:
        raise Refusal("psams.accepted", serial=serial)
    if conditions != accepted_digest(psam.owner):
        raise Refusal("psams.conditions-changed")
    issue.accepted_at, issue.accepted_by, issue.conditions = act.time, act.actor.staff, conditions
    issue.save(update_fields=["accepted_at", "accepted_by", "conditions"])
    act.about(psam, serial=serial, conditions=conditions)
    return issue


@two_persons("psams.psam.hand-on", HandingOn)
def psam_hand_on(act: Act, handing: HandingOn) -> Issue:
    """Another keeper of the same unit takes it and accepts the conditions by checking the act. Raises Refusal
    ``psams.not-keeper`` when somebody else checks, ``psams.not-now``."""
    psam, issue = held(act, handing.serial)
    if issue is None or psam.status not in (Status.ISSUED, Status.ACTIVE):
        raise not_now(psam)
    keeper = person(handing.keeper, issue.unit)
    if act.actor.staff is None or keeper.pk != act.actor.staff.pk or keeper.pk == issue.keeper_id:
        raise Refusal("psams.not-keeper", serial=psam.serial)
    maker, checker = signers(act)
    Issue.objects.filter(pk=issue.pk).update(ended_at=act.time)
    made = Issue.objects.create(
        psam=psam,
        unit=issue.unit,
        place=issue.place,
        keeper=keeper,
        purpose=issue.purpose,
        issued_at=act.time,
        issued_by=maker,
        checked_by=checker,
        accepted_at=act.time,
        accepted_by=keeper,
        conditions=accepted_digest(psam.owner),
        activated_at=act.time if issue.activated_at else None,
        inspected_on=issue.inspected_on,
    )
    act.about(psam, serial=psam.serial, keeper=keeper.number, before=issue.keeper.number)
    return made


@service("psams.psam.move")
def psam_move(act: Act, *, serial: str, place: str, why: str) -> Issue:
    """Another place of the unit, recorded. Raises Refusal ``psams.needs-approval`` where the body approves
    such changes first."""
    (psam,) = owned(act, [serial])
    if text(psam.owner, "psams.place-change") == "approve":
        raise Refusal("psams.needs-approval")
    return _relocate(act, psam, place, why)


@two_persons("psams.psam.relocate", Relocation, rehearsed=True)
def psam_relocate(act: Act, to: Relocation) -> Issue:
    """The same, approved by a second person."""
    own_body(act, to.organization)
    (psam,) = owned(act, [to.serial])
    return _relocate(act, psam, to.place, to.why)


def _relocate(act: Act, psam: Psam, place: str, why: str) -> Issue:
    issue = issue_of(psam)
    if issue is None:
        raise not_now(psam)
    to = place_of(issue.unit, place)
    _has_room(psam.owner, to, but=psam)
    before, issue.place = issue.place, to
    issue.save(update_fields=["place"])
    act.about(psam, serial=psam.serial, place=to.code, before=before.code, why=words(why))
    return issue


def _has_room(body: Organization, place: Place, but: Psam | None) -> None:
    """R-32: no more than the terminals there and the reserve."""
    there = Issue.objects.filter(place=place, ended_at=None).exclude(psam__status__in=_NOT_COUNTED)
    if but is not None:
        there = there.exclude(psam=but)
    most = place.terminals + number(body, "psams.reserve")
    if there.count() >= most:
        raise Refusal("psams.place-full", place=place.name, most=most)


def _exchange(act: Act, body: Organization, unit: Organization, old: Psam) -> None:
    """No new one against nothing (R-36): the old is called back, due after the days of the parameter."""
    issue = issue_of(old)
    if old.status == Status.LOST and old.losses.filter(found_at=None, written_at__isnull=False).exists():
        return
    if old.status == Status.RETURNED and old.issues.filter(unit=unit).exists():
        return
    if issue is None or issue.unit_id != unit.pk or old.status not in AT_UNIT:
        raise Refusal("psams.old-one-first", serial=old.serial)
    if not old.recalls.filter(returned_at=None).exists():
        call_back(act, body, [old], RecallReason.EXCHANGE, "", "psams.exchange-return-days")


_NOT_COUNTED = (Status.LOST, Status.DAMAGED, Status.EXPIRED)
