"""What an incident is: confirmed or not, its level, its secrecy."""

from uuid import UUID

import msgspec

from shebaoka.office.base.errors import Refusal
from shebaoka.office.incidents import duties
from shebaoka.office.incidents.choices import DutyKind, EntryKind, IncidentState, Level, Secrecy
from shebaoka.office.incidents.models import Duty, Incident
from shebaoka.office.incidents.services.handling import enter
from shebaoka.office.incidents.services.steps import line, long_text, move, numbered, running
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.two_persons import two_persons

_LONGEST = 400
_WRITTEN = {
    Secrecy.NONE: "—",
    Secrecy.SECRET: "秘密",
    Secrecy.HIGHLY_SECRET: "机密",
    Secrecy.TOP_SECRET: "绝密",
}


class Dismissal(msgspec.Struct, frozen=True):
    """A potential incident that is none, by its number; the log says why."""

    incident: str


class SecrecyLowered(msgspec.Struct, frozen=True):
    """An incident (its number) and its lower secrecy level; the log says why."""

    incident: str
    secrecy: Secrecy


@service("incidents.incident.confirm")
def incident_confirm(act: Act, *, incident: UUID, finding: str) -> Incident:
    """A potential incident is one: its reports are due, their clocks run from now, that of a state secret
    from the discovery."""
    found = running(act, incident)
    move(found, IncidentState.OPEN)
    found.confirmed_at = act.time
    found.save(update_fields=["state", "confirmed_at"])
    enter(act, found, EntryKind.FINDING, long_text(finding))
    held = set(found.duties.values_list("kind", flat=True))
    Duty.objects.bulk_create(
        each for each in duties.of_an_open(found, since=act.time) if each.kind not in held
    )
    act.about(found, number=found.number)
    return found


@two_persons("incidents.incident.dismiss", Dismissal, rehearsed=True)
def incident_dismiss(act: Act, dismissal: Dismissal) -> Incident:
    """A potential incident is none. Raises Refusal ``no-finding`` while the log says nothing of why."""
    found = numbered(act, dismissal.incident)
    move(found, IncidentState.DISMISSED)
    if not found.entries.filter(kind=EntryKind.FINDING).exists():
        raise Refusal("incidents.no-finding", number=found.number)
    found.ended_at = act.time
    found.save(update_fields=["state", "ended_at"])
    act.about(found, number=found.number)
    return found


@service("incidents.incident.grade")
def incident_grade(act: Act, *, incident: UUID, level: Level, because: str) -> Incident:
    """Another level, with the reason in the log."""
    found = running(act, incident)
    level = Level(level)
    if level == found.level:
        raise Refusal("incidents.same")
    before, found.level = found.level, level
    found.save(update_fields=["level"])
    enter(act, found, EntryKind.NOTE, f"{Level(before).name} → {level.name}: {line(because, _LONGEST)}")
    act.about(found, number=found.number, before=int(before), level=int(level))
    return found


@service("incidents.secrecy.raise")
def secrecy_raise(act: Act, *, incident: UUID, secrecy: Secrecy, leaked: bool, because: str) -> Incident:
    """A higher secrecy level, or a leak of the secret: then the secrecy administration is told within 24
    hours of the discovery (order 646/2014 art. 34). Only those who need to know see it from now on.

    Raises Refusal ``no-secret``, ``same``, and ``lowered`` for what needs two persons."""
    found = running(act, incident)
    secrecy = Secrecy(secrecy)
    if leaked and secrecy == Secrecy.NONE:
        raise Refusal("incidents.no-secret")
    if secrecy < found.secrecy or (found.leaked and not leaked):
        raise Refusal("incidents.lowered")
    if (secrecy, leaked) == (found.secrecy, found.leaked):
        raise Refusal("incidents.same")
    before = Secrecy(found.secrecy)
    found.secrecy, found.leaked = secrecy, leaked
    found.save(update_fields=["secrecy", "leaked"])
    if leaked and not found.duties.filter(kind=DutyKind.SECRECY).exists():
        duties.duty(found, DutyKind.SECRECY, found.discovered_at).save(force_insert=True)
    enter(act, found, EntryKind.NOTE, f"{_WRITTEN[before]} → {_WRITTEN[secrecy]}: {line(because, _LONGEST)}")
    act.about(found, number=found.number, secrecy=int(secrecy), leaked=leaked)
    return found


@two_persons("incidents.secrecy.lower", SecrecyLowered, rehearsed=True)
def secrecy_lower(act: Act, lowered: SecrecyLowered) -> Incident:
    """A lower secrecy level. Raises Refusal ``same`` when it is not lower, ``no-secret`` when nothing would
    be secret of what has leaked."""
    found = numbered(act, lowered.incident)
    if not found.running:
        raise Refusal("incidents.ended", number=found.number)
    if lowered.secrecy >= found.secrecy:
        raise Refusal("incidents.same")
    if found.leaked and lowered.secrecy == Secrecy.NONE:
        raise Refusal("incidents.no-secret")
    found.secrecy = lowered.secrecy
    found.save(update_fields=["secrecy"])
    act.about(found, number=found.number, secrecy=int(lowered.secrecy))
    return found
