"""The writers of staff and their roles."""

import re
from datetime import date

import msgspec
from django.db.models import Q

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.hooks import BEFORE_LEAVING
from shebaoka.office.organizations.models import Assignment, Organization, Staff
from shebaoka.office.organizations.roles import roles, together
from shebaoka.office.organizations.services.sessions import close_sessions
from shebaoka.office.organizations.two_persons import two_persons

_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{2,39}")
_LONGEST_NAME = 60


class NewStaff(msgspec.Struct, frozen=True):
    """A member of staff of ``organization`` (its code) with her roles from today."""

    organization: str
    number: str
    name: str
    roles: tuple[str, ...] = ()


class Appointment(msgspec.Struct, frozen=True):
    """A role of a member of staff from ``since`` on."""

    number: str
    role: str
    since: date


class Retirement(msgspec.Struct, frozen=True):
    """The end of a role: ``until`` is the first day she has it no more."""

    number: str
    role: str
    until: date


class Member(msgspec.Struct, frozen=True):
    """A member of staff by number."""

    number: str


@two_persons("organizations.staff.add", NewStaff, rehearsed=True)
def staff_add(act: Act, new: NewStaff) -> Staff:
    """A new member of staff. She cannot sign in before her activation. Raises Refusal ``number-taken``, also
    for the number of somebody who left."""
    organization = Organization.objects.select_for_update(of=("self",)).filter(code=new.organization).first()
    if organization is None:
        raise Refusal("base.not-found", what=new.organization)
    act.on(organization)
    if organization.closed_on is not None:
        raise Refusal("organizations.closed", name=organization.name)
    name = " ".join(new.name.split())
    if not _NUMBER.fullmatch(new.number) or not 0 < len(name) <= _LONGEST_NAME:
        raise Refusal("organizations.staff-unfit", number=new.number)
    if Staff.objects.filter(number__iexact=new.number).exists():
        raise Refusal("organizations.number-taken", number=new.number)
    made = Staff(number=new.number, name=name, organization=organization)
    made.set_unusable_password()
    made.save(force_insert=True)
    for role in new.roles:
        _give(made, role, clock.today())
    act.about(made, number=made.number, roles=list(new.roles))
    return made


@two_persons("organizations.role.appoint", Appointment, rehearsed=True)
def role_appoint(act: Act, new: Appointment) -> Assignment:
    """A role for somebody, never given or approved by herself."""
    staff = _other(act, new.number)
    if new.since < clock.today():
        raise Refusal("organizations.not-backwards")
    made = _give(staff, new.role, new.since)
    act.about(staff, number=staff.number, role=new.role, since=new.since)
    return made


@two_persons("organizations.role.retire", Retirement, rehearsed=True)
def role_retire(act: Act, end: Retirement) -> Assignment:
    """The end of a role."""
    staff = _other(act, end.number)
    if end.until < clock.today():
        raise Refusal("organizations.not-backwards")
    held = (
        Assignment.objects.select_for_update()
        .filter(staff=staff, role=end.role, organization=staff.organization)
        .filter(until=None)
        .first()
    )
    if held is None or held.since > end.until:
        raise Refusal("base.not-found", what=end.role)
    held.until = end.until
    held.save(update_fields=["until"])
    act.about(staff, number=staff.number, role=end.role, until=end.until)
    return held


@service("organizations.staff.suspend")
def staff_suspend(act: Act, *, number: str, reason: str) -> Staff:
    """At once, by one person: she is signed out and does nothing until two persons reinstate her."""
    staff = _other(act, number)
    if not reason.strip():
        raise Refusal("organizations.no-purpose")
    if not staff.is_active:
        raise Refusal("organizations.not-active", name=staff.name)
    staff.is_active = False
    staff.save(update_fields=["is_active"])
    close_sessions(staff, act.time)
    act.about(staff, number=staff.number, reason=reason.strip()[:400])
    return staff


@two_persons("organizations.staff.reinstate", Member, rehearsed=True)
def staff_reinstate(act: Act, member: Member) -> Staff:
    """The end of a suspension."""
    staff = _other(act, member.number)
    if staff.is_active:
        raise Refusal("organizations.is-active", name=staff.name)
    staff.is_active = True
    staff.save(update_fields=["is_active"])
    act.about(staff, number=staff.number)
    return staff


@two_persons("organizations.staff.leave", Member, rehearsed=True)
def staff_leave(act: Act, member: Member) -> Staff:
    """She leaves: her roles end today, her number stays taken. Raises Refusal for what she has not handed
    over."""
    staff = _other(act, member.number)
    for against in BEFORE_LEAVING:
        against(staff)
    day = clock.today()
    ending = Assignment.objects.filter(staff=staff).filter(Q(until=None) | Q(until__gt=day))
    ending.filter(since__lte=day).update(until=day)
    ending.filter(since__gt=day).delete()
    staff.is_active, staff.left_on = False, day
    staff.save(update_fields=["is_active", "left_on"])
    close_sessions(staff, act.time)
    act.about(staff, number=staff.number)
    return staff


def _other(act: Act, number: str) -> Staff:
    """The member of staff, her row locked, who is neither maker nor checker of the act. Raises Refusal."""
    staff = (
        Staff.objects.select_for_update(of=("self",))
        .select_related("organization")
        .filter(number=number, left_on=None)
        .first()
    )
    if staff is None or not act.actor.organization.contains(staff.organization):
        raise Refusal("base.not-found", what=number)
    act.on(staff.organization)
    if staff.number in (act.actor.number, *act.persons.values()):
        raise Refusal("organizations.own-matter")
    return staff


def _give(staff: Staff, role: str, since: date) -> Assignment:
    entry = roles().get(role)
    if entry is None or staff.organization.kind not in entry.kinds:
        raise Refusal("organizations.no-such-role", role=entry.name if entry else role)
    held = Assignment.objects.filter(Q(until=None) | Q(until__gt=since), staff=staff)
    for other in held.values_list("role", flat=True):
        if other == role:
            raise Refusal("organizations.has-role", name=staff.name, role=entry.name)
        if not together(role, other):
            raise Refusal("organizations.roles-apart", role=entry.name, other=roles()[other].name)
    return Assignment.objects.create(staff=staff, role=role, organization=staff.organization, since=since)
