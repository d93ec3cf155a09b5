"""The writers of what is done once a year: the audit by an independent person (R-54), the test that what was
kept can be restored (R-64)."""

from datetime import date, datetime

import msgspec
from django.db.models import Q

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.files import keep
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization, Staff
from shebaoka.office.rules.choices import KEEPING, DrillResult, Restored
from shebaoka.office.rules.models import KeyAudit, RestoreTest
from shebaoka.office.rules.services.common import explained, line, own_body

File = tuple[str, bytes]


class Rehearsal(msgspec.Struct, frozen=True):
    """What ``shebaoka db rehearse --json`` says: ``made_at`` of the backup, how many files, and how far each
    chain of the audit goes."""

    made_at: datetime
    mode: str
    files: int
    chains: dict[str, int]


@service("rules.audit.record")
def audit_record(
    act: Act,
    *,
    organization: Organization,
    held_on: date,
    auditor: str,
    unit: str,
    scope: str,
    result: DrillResult,
    member: str = "",
    findings: str = "",
    measures: str = "",
    report: File | None = None,
) -> KeyAudit:
    """The yearly audit of keys, carriers and PSAMs. ``auditor`` and ``unit``: who and from where;
    ``member``: the staff number when she is of the office. Raises Refusal ``rules.not-independent`` for one
    who keeps or operates keys or PSAMs of the body, ``rules.drill-ahead``, ``rules.findings``."""
    body = own_body(act, organization)
    if held_on > clock.today():
        raise Refusal("rules.drill-ahead")
    person = _independent(body, member, held_on) if member else None
    result = DrillResult(result)
    findings, measures = explained(result == DrillResult.PASSED, findings, measures)
    name, digest = keep(*report) if report else ("", "")
    made = KeyAudit.objects.create(
        organization=body,
        held_on=held_on,
        auditor=line(auditor),
        unit=line(unit),
        member=person,
        scope=line(scope),
        result=result,
        findings=findings,
        measures=measures,
        report_name=name,
        report_file=digest,
        recorded_by=act.actor.staff,
        recorded_at=act.time,
    )
    act.about(made, held_on=held_on, result=result.value, report=digest)
    return made


@service("rules.restore.record")
def restore_record(
    act: Act,
    *,
    organization: Organization,
    held_on: date,
    what: Restored,
    media: str,
    place: str,
    done_by: str,
    witness: str,
    result: DrillResult,
    findings: str = "",
    measures: str = "",
    minutes: File | None = None,
) -> RestoreTest:
    """A backup was restored to try it, before a witness. ``minutes``: of the test; the output of ``shebaoka
    db rehearse --json`` (``.json``) is read and says which backup it was.

    Raises Refusal ``rules.two-persons``, ``rules.no-rehearsal``, ``rules.drill-ahead``,
    ``rules.findings``."""
    body = own_body(act, organization)
    if held_on > clock.today():
        raise Refusal("rules.drill-ahead")
    persons = [_member(body, number) for number in (done_by, witness)]
    if persons[0] == persons[1]:
        raise Refusal("rules.two-persons")
    result = DrillResult(result)
    findings, measures = explained(result == DrillResult.PASSED, findings, measures)
    rehearsal = None
    if minutes is not None and minutes[0].lower().endswith(".json"):
        rehearsal = rehearsal_of(minutes[1])
    name, digest = keep(*minutes) if minutes else ("", "")
    made = RestoreTest.objects.create(
        organization=body,
        held_on=held_on,
        what=Restored(what),
        media=line(media),
        place=line(place),
        done_by=persons[0],
        witness=persons[1],
        backup_of=rehearsal.made_at if rehearsal else None,
        records=sum(rehearsal.chains.values()) if rehearsal else None,
        result=result,
        findings=findings,
        measures=measures,
        minutes_name=name,
        minutes_file=digest,
        recorded_by=act.actor.staff,
        recorded_at=act.time,
    )
    act.about(made, held_on=held_on, what=made.what, result=result.value, minutes=digest)
    return made


def rehearsal_of(content: bytes) -> Rehearsal:
    """The rehearsal in its output. Raises Refusal ``rules.no-rehearsal``."""
    try:
        found = msgspec.json.decode(content, type=Rehearsal)
    except msgspec.MsgspecError:
        raise Refusal("rules.no-rehearsal") from None
    if found.made_at.tzinfo is None or found.made_at > clock.now() or not found.chains:
        raise Refusal("rules.no-rehearsal")
    return found


def _member(body: Organization, number: str) -> Staff:
    found = Staff.objects.filter(organization=body, number=number, is_active=True).first()
    if found is None:
        raise Refusal("base.not-found", what=number)
    return found


def _independent(body: Organization, number: str, day: date) -> Staff:
    found = Staff.objects.filter(number=number).first()
    if found is None:
        raise Refusal("base.not-found", what=number)
    held = found.assignments.filter(Q(until=None) | Q(until__gt=day), organization=body, since__lte=day)
    if held.filter(role__in=KEEPING).exists():
        raise Refusal("rules.not-independent", number=number, name=body.name)
    return found
