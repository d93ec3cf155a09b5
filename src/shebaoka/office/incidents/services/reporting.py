"""Reports: made, received, late."""

from datetime import datetime
from uuid import UUID

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.incidents import duties
from shebaoka.office.incidents.choices import DutyKind, IncidentState, Means
from shebaoka.office.incidents.models import Duty, Incident
from shebaoka.office.incidents.services.steps import line, locked, long_text
from shebaoka.office.incidents.visible import incidents_of
from shebaoka.office.organizations.acts import Act, service


@service("incidents.duty.done")
def duty_done(
    act: Act,
    *,
    duty: UUID,
    means: Means,
    told: str,
    reference: str = "",
    text: str = "",
    done_at: datetime | None = None,
) -> Duty:
    """A report was made: ``told`` took it, at ``done_at`` (now). After the first written report, and after
    each follow-up, the next follow-up is due while the incident runs.

    Raises Refusal ``report-made``, ``ended`` (but the final report follows the closing), ``before`` for a
    time before the discovery, ``ahead``, ``unfit-text``."""
    found, incident = _locked(act, duty)
    if not incident.running and found.kind != DutyKind.FINAL_REPORT:
        raise Refusal("incidents.ended", number=incident.number)
    if found.done_at is not None:
        raise Refusal("incidents.report-made", report=DutyKind(found.kind).label)
    done_at = done_at or act.time
    if done_at > act.time:
        raise Refusal("incidents.ahead")
    if done_at < incident.discovered_at:
        raise Refusal("incidents.before")
    found.done_at, found.done_by, found.means = done_at, act.actor.staff, Means(means)
    found.told = line(told)
    found.reference = line(reference) if reference.strip() else ""
    found.text = long_text(text) if text.strip() else ""
    found.save(update_fields=["done_at", "done_by", "means", "told", "reference", "text"])
    if found.kind in (DutyKind.FIRST_REPORT, DutyKind.FOLLOW_UP) and incident.running:
        ordinal = incident.duties.filter(kind=DutyKind.FOLLOW_UP).count() + 1
        duties.duty(incident, DutyKind.FOLLOW_UP, done_at, found.addressee, ordinal).save(force_insert=True)
    late = found.due_at is not None and done_at > found.due_at
    act.about(incident, number=incident.number, report=found.kind, ordinal=found.ordinal, late=late)
    return found


@service("incidents.duty.receive")
def duty_receive(act: Act, *, duty: UUID) -> Duty:
    """The addressee confirms that the report has come. Raises Refusal ``not-addressed``, ``report-missing``,
    ``received``."""
    found, incident = _locked(act, duty)
    if found.addressee_id != act.actor.organization.pk or act.actor.staff is None:
        raise Refusal("incidents.not-addressed")
    if found.done_at is None:
        raise Refusal("incidents.report-missing", report=DutyKind(found.kind).label)
    if found.received_at is not None:
        raise Refusal("incidents.received")
    found.received_at, found.received_by = act.time, act.actor.staff
    found.save(update_fields=["received_at", "received_by"])
    act.about(incident, number=incident.number, report=found.kind, ordinal=found.ordinal)
    return found


@service("incidents.duty.alarm")
def duty_alarm(act: Act, *, duty: UUID) -> Duty:
    """A report is late: it is noted once, and shown to the body and its superior from then on. Raises Refusal
    ``not-late``."""
    found, incident = _locked(act, duty)
    if found not in late_duties(incident):
        raise Refusal("incidents.not-late")
    found.alarmed_at = act.time
    found.save(update_fields=["alarmed_at"])
    act.about(incident, number=incident.number, report=found.kind, due_at=found.due_at)
    return found


def late_duties(incident: Incident) -> list[Duty]:
    """Reports of a running incident whose time is over and that nobody has noticed to be late."""
    if incident.state == IncidentState.DISMISSED:
        return []
    return [
        each
        for each in incident.duties.filter(done_at=None, alarmed_at=None, due_at__lte=clock.now())
        if incident.running or each.kind == DutyKind.FINAL_REPORT
    ]


def _locked(act: Act, id: UUID) -> tuple[Duty, Incident]:
    """The duty and its incident, both locked, the incident first."""
    of = Duty.objects.filter(pk=id, incident__in=incidents_of(act.actor)).values("incident_id").first()
    if of is None:
        raise Refusal("base.not-found", what="report")
    incident = locked(act, of["incident_id"])
    return Duty.objects.select_for_update(of=("self",)).select_related("addressee").get(pk=id), incident
