"""Which reports an incident makes a duty, to whom, and by when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from shebaoka.office.incidents.choices import BEFORE_CLOSING, DutyKind, IncidentKind
from shebaoka.office.incidents.kinds import kinds
from shebaoka.office.incidents.models import Duty, Incident
from shebaoka.office.organizations.choices import ISSUING, Kind
from shebaoka.office.organizations.models import Organization
from shebaoka.office.parameters.selectors import number, number_or_none


@dataclass(frozen=True, slots=True)
class _Clock:
    parameter: str
    unit: str
    source: str
    known: bool = True


_CLOCKS: dict[DutyKind, _Clock] = {
    DutyKind.SUPERVISOR: _Clock("incidents.supervisor-minutes", "minutes", ""),
    DutyKind.SUPERIOR: _Clock("incidents.notification-minutes", "minutes", "M47 art. 26"),
    DutyKind.MINISTRY: _Clock("incidents.notification-minutes", "minutes", "M47 art. 26"),
    DutyKind.SECRECY: _Clock("incidents.secret-report-hours", "hours", "国务院令第646号 art. 34"),
    DutyKind.PERSONAL_DATA: _Clock(
        "incidents.personal-data-report-hours", "hours", "PIPL art. 57", known=False
    ),
    DutyKind.NETWORK: _Clock("incidents.network-report-hours", "hours", "", known=False),
    DutyKind.FIRST_REPORT: _Clock("incidents.first-report-hours", "hours", ""),
    DutyKind.FOLLOW_UP: _Clock("incidents.follow-up-hours", "hours", ""),
    DutyKind.FINAL_REPORT: _Clock("incidents.final-report-days", "days", ""),
}
"""The parameter of each clock, and the law behind it; not ``known``: the number may be missing."""


def of_a_potential(incident: Incident) -> Iterator[Duty]:
    """Until somebody has assessed it, only the leader is told."""
    yield duty(incident, DutyKind.SUPERVISOR, incident.discovered_at)


def of_an_open(incident: Incident, *, since: datetime | None = None) -> Iterator[Duty]:
    """All reports of a confirmed incident, counted from ``since`` (its discovery): superior and ministry (one
    report where the ministry is the superior, none by itself), written reports, and what its kind demands. A
    leaked state secret is counted from the discovery always."""
    since = since or incident.discovered_at
    yield duty(incident, DutyKind.SUPERVISOR, incident.discovered_at)
    superior, ministry = superior_of(incident.organization), ministry_of(incident.organization)
    if superior is not None and superior != ministry:
        yield duty(incident, DutyKind.SUPERIOR, since, superior)
    if ministry is not None:
        yield duty(incident, DutyKind.MINISTRY, since, ministry)
    for kind in kinds()[IncidentKind(incident.kind)].duties:
        yield duty(incident, kind, since)
    if incident.leaked:
        yield duty(incident, DutyKind.SECRECY, incident.discovered_at)
    for kind in (DutyKind.FIRST_REPORT, DutyKind.FINAL_REPORT):
        yield duty(incident, kind, since, superior or ministry)


def duty(
    incident: Incident,
    kind: DutyKind,
    since: datetime,
    addressee: Organization | None = None,
    ordinal: int = 1,
) -> Duty:
    """A duty with its clock running from ``since``, not saved."""
    clock = _CLOCKS[kind]
    find = number if clock.known else number_or_none
    amount = find(incident.organization, clock.parameter)
    return Duty(
        incident=incident,
        kind=kind,
        ordinal=ordinal,
        required=kind in BEFORE_CLOSING,
        addressee=addressee,
        source=clock.source,
        due_at=since + timedelta(**{clock.unit: amount}) if amount is not None else None,
    )


def superior_of(body: Organization) -> Organization | None:
    """The next body of the three levels above; None for the ministry."""
    above = body.parent
    while above is not None and above.kind not in ISSUING:
        above = above.parent
    return above


def ministry_of(body: Organization) -> Organization | None:
    """The ministry; None for itself."""
    if body.kind == Kind.MINISTRY:
        return None
    return Organization.objects.get(code=body.path.partition("/")[0])
