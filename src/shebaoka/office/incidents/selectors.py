"""The readers of incidents; always within what the actor may know."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.incidents.choices import RUNNING, DutyKind, IncidentState
from shebaoka.office.incidents.models import Duty, Incident
from shebaoka.office.incidents.visible import ANSWERABLE, incidents_of
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.models import Organization


@dataclass(frozen=True, slots=True)
class Clock:
    """A duty to report and how it stands now: ``minutes`` left, negative when it is late."""

    duty: Duty
    minutes: int | None

    @property
    def late(self) -> bool:
        """Whether its time is over and nobody has reported, or the report came late."""
        return self.minutes is not None and self.minutes < 0


def incidents(
    actor: Actor, *, organization: Organization | None = None, running: bool | None = None
) -> QuerySet[Incident]:
    """What the actor may know of, the latest first."""
    found = incidents_of(actor).select_related("organization").order_by("-opened_at", "-number")
    if organization is not None:
        found = found.filter(organization=organization)
    if running is not None:
        found = found.filter(state__in=RUNNING) if running else found.exclude(state__in=RUNNING)
    return found


def incident(actor: Actor, number: str) -> Incident:
    """One of them. Raises Refusal ``base.not-found``, also for one she may not know of."""
    found = incidents(actor).filter(number=number).first()
    if found is None:
        raise Refusal("base.not-found", what=number[:40])
    return found


def reported_by(actor: Actor, number: str) -> Incident:
    """One that this person reported herself. Raises Refusal ``base.not-found``."""
    found = Incident.objects.filter(number=number, reporter=actor.number).first()
    if found is None:
        raise Refusal("base.not-found", what=number[:40])
    return found


def incidents_about(actor: Actor, subject: str) -> QuerySet[Incident]:
    """Those about one thing, ``app.model:id``."""
    return incidents(actor).filter(subject=subject)


def clocks(of: Incident) -> list[Clock]:
    """The reports of an incident with their clocks, the most urgent first, those without a time last."""
    found = of.duties.select_related("addressee", "done_by", "received_by")
    return sorted(map(clock_of, found), key=_urgency)


def clock_of(duty: Duty) -> Clock:
    """How a report stands now, or stood when it was made."""
    if duty.due_at is None:
        return Clock(duty, None)
    left = duty.due_at - (duty.done_at or clock.now())
    return Clock(duty, int(left.total_seconds() // 60))


def duty(actor: Actor, id: UUID) -> Duty:
    """One report of an incident she may know of. Raises Refusal ``base.not-found``."""
    found = Duty.objects.filter(pk=id, incident__in=incidents_of(actor))
    made = found.select_related("incident__organization", "addressee", "done_by", "received_by").first()
    if made is None:
        raise Refusal("base.not-found", what="report")
    return made


def reports_to_make(actor: Actor) -> QuerySet[Duty]:
    """What her body still has to report, the most urgent first; empty for who does not answer for it."""
    mine = Duty.objects.filter(done_at=None, incident__organization=actor.organization)
    return _answered(actor, mine.filter(_alive()))


def reports_to_receive(actor: Actor) -> QuerySet[Duty]:
    """Reports that came to her body and that nobody has confirmed."""
    came = Duty.objects.filter(addressee=actor.organization, done_at__isnull=False, received_at=None)
    return _answered(actor, came)


def late_below(actor: Actor) -> QuerySet[Duty]:
    """Reports to her body that are late: the superior asks for them."""
    late = Duty.objects.filter(addressee=actor.organization, done_at=None, due_at__lte=clock.now())
    return _answered(actor, late.filter(_alive()))


def _alive() -> Q:
    return Q(incident__state__in=RUNNING) | Q(
        incident__state=IncidentState.CLOSED, kind=DutyKind.FINAL_REPORT
    )


def _answered(actor: Actor, found: QuerySet[Duty]) -> QuerySet[Duty]:
    if ANSWERABLE.isdisjoint(actor.roles):
        return found.none()
    shown = found.filter(incident__in=incidents_of(actor))
    return shown.select_related("incident__organization", "addressee").order_by("due_at")


def _urgency(each: Clock) -> tuple[bool, bool, float]:
    due = each.duty.due_at
    return each.duty.done_at is not None, due is None, due.timestamp() if due else 0
