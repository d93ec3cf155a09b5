"""What the office does about incidents by itself."""

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.jobs import job
from shebaoka.office.incidents.choices import RUNNING, DutyKind, IncidentState
from shebaoka.office.incidents.models import Duty
from shebaoka.office.incidents.services import duty_alarm
from shebaoka.office.organizations.actor import system


@job("incidents.alarms", cron="*/5 * * * *")
def alarms() -> int:
    """Notes every report that has become late, once; how many there were."""
    late = Duty.objects.filter(done_at=None, alarmed_at=None, due_at__lte=clock.now())
    running = late.filter(incident__state__in=RUNNING)
    final = late.filter(incident__state=IncidentState.CLOSED, kind=DutyKind.FINAL_REPORT)
    noted = 0
    for duty in (running | final).select_related("incident__organization").order_by("due_at"):
        try:
            duty_alarm(system(duty.incident.organization), duty=duty.pk)
        except Refusal:  # made in the meantime, or noted by another worker
            continue
        noted += 1
    return noted
