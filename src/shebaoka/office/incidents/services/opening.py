"""How incidents begin."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Model

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.incidents import duties
from shebaoka.office.incidents.choices import (
    RUNNING,
    AffectedKind,
    EntryKind,
    IncidentKind,
    IncidentState,
    Level,
    Secrecy,
)
from shebaoka.office.incidents.hooks import AFFECTED, AffectedItem
from shebaoka.office.incidents.kinds import kinds
from shebaoka.office.incidents.models import Affected, Duty, Entry, Incident
from shebaoka.office.incidents.services.steps import long_text
from shebaoka.office.organizations.actor import Actor, system
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization


def incident_open(
    actor: Actor,
    *,
    organization: Organization,
    kind: IncidentKind,
    summary: str,
    level: Level | None = None,
    discovered_at: datetime | None = None,
    happened_at: datetime | None = None,
    subject: Model | None = None,
    subject_name: str = "",
    secrecy: Secrecy = Secrecy.NONE,
    leaked: bool = False,
    potential: bool = False,
    once: str = "",
    affected: Iterable[AffectedItem] = (),
) -> Incident:
    """An incident of a body, its clocks running from its discovery (now). Anybody reports one, without a
    session too; for a body outside of the actor's area the office opens it and names her as the reporter.

    ``level``: as the kind has it when None; ``potential``: to be assessed first, only the leader is told;
    ``once``: while an incident of that kind with the same text runs, the report is added to its log and
    counted instead (a stream of wrong TACs is one incident). Raises Refusal ``incidents.unfit-text``,
    ``incidents.ahead`` for a discovery after now, ``incidents.no-secret`` for a leak of what is no secret."""
    within = actor.organization.contains(organization)
    by = actor if within else system(organization, actor.channel)
    return _open(
        by,
        reporter=actor.number,
        organization=organization,
        kind=IncidentKind(kind),
        summary=summary,
        level=level,
        discovered_at=discovered_at or clock.now(),
        happened_at=happened_at,
        subject=f"{subject._meta.label_lower}:{subject.pk}" if subject is not None else "",
        subject_name=subject_name[:200],
        secrecy=Secrecy(secrecy),
        leaked=leaked,
        potential=potential,
        once=once,
        affected=tuple(affected),
    )


@service("incidents.incident.open")
def _open(
    act: Act,
    *,
    reporter: str,
    organization: Organization,
    kind: IncidentKind,
    summary: str,
    level: Level | None,
    discovered_at: datetime,
    happened_at: datetime | None,
    subject: str,
    subject_name: str,
    secrecy: Secrecy,
    leaked: bool,
    potential: bool,
    once: str,
    affected: tuple[AffectedItem, ...],
) -> Incident:
    # its row is locked, so that numbers follow each other and two reports of one thing meet
    body = Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=organization.pk)
    act.on(body)
    if reporter != act.actor.number:
        act.persons["reporter"] = reporter
    summary = long_text(summary)
    if discovered_at > act.time or (happened_at is not None and happened_at > discovered_at):
        raise Refusal("incidents.ahead")
    if leaked and secrecy == Secrecy.NONE:
        raise Refusal("incidents.no-secret")
    running = Incident.objects.filter(organization=body, kind=kind, once=once, state__in=RUNNING)
    known = running.select_for_update(of=("self",)).first() if once else None
    if known is not None:
        return _again(act, known, summary, discovered_at, affected)
    made = Incident.objects.create(
        organization=body,
        number=_number(body, act.time),
        kind=kind,
        level=level or kinds()[kind].level_at(body.kind),
        secrecy=secrecy,
        leaked=leaked,
        state=IncidentState.POTENTIAL if potential else IncidentState.OPEN,
        summary=summary,
        subject=subject,
        subject_name=subject_name,
        reporter=reporter,
        happened_at=happened_at,
        discovered_at=discovered_at,
        opened_at=act.time,
        confirmed_at=None if potential else act.time,
        once=once,
    )
    Duty.objects.bulk_create(duties.of_a_potential(made) if potential else duties.of_an_open(made))
    add_affected(made, [*affected, *computed(made)], act.time)
    act.about(made, number=made.number, kind=kind.value, level=int(made.level), potential=potential)
    return made


def _again(
    act: Act, incident: Incident, summary: str, at: datetime, affected: tuple[AffectedItem, ...]
) -> Incident:
    incident.reports += 1
    incident.save(update_fields=["reports"])
    Entry.objects.create(
        incident=incident,
        kind=EntryKind.FINDING,
        text=summary,
        at=at,
        by=act.actor.staff,
        written_at=act.time,
    )
    add_affected(incident, affected, act.time)
    act.about(incident, number=incident.number, reports=incident.reports)
    return incident


def computed(incident: Incident) -> list[AffectedItem]:
    """What the higher parts say the incident touches."""
    return [item for find in AFFECTED for item in find(incident)]


def add_affected(incident: Incident, items: Iterable[AffectedItem], at: datetime) -> int:
    """Adds what is not there yet; how many were new."""
    wanted = {(item.kind, item.reference[:120]): item for item in items}
    for kind, reference in incident.affected.values_list("kind", "reference"):
        wanted.pop((AffectedKind(kind), reference), None)
    Affected.objects.bulk_create(
        Affected(
            incident=incident,
            kind=kind,
            reference=reference,
            name=item.name[:200],
            source=item.source,
            added_at=at,
        )
        for (kind, reference), item in wanted.items()
    )
    return len(wanted)


def _number(body: Organization, time: datetime) -> str:
    """The next number of the body in its year (R-56): ``SJ-980100-2026-0001``."""
    start = f"SJ-{body.code}-{time.astimezone(clock.CHINA).year}-"
    count = Incident.objects.filter(organization=body, number__startswith=start).count()
    return f"{start}{count + 1:04d}"
