"""The end of an incident."""

import msgspec

from shebaoka.office.base.errors import Refusal
from shebaoka.office.incidents.choices import HANDLING, DutyKind, EntryKind, IncidentState
from shebaoka.office.incidents.models import Incident
from shebaoka.office.incidents.services.steps import move, numbered
from shebaoka.office.organizations.acts import Act
from shebaoka.office.organizations.two_persons import two_persons


class Closing(msgspec.Struct, frozen=True):
    """An incident (its number) that is over."""

    incident: str


@two_persons("incidents.incident.close", Closing, rehearsed=True)
def incident_close(act: Act, closing: Closing) -> Incident:
    """Two persons close it. Raises Refusal ``not-reported`` naming a report that was not made, ``no-cause``,
    ``not-handled``, ``no-lesson``."""
    found = numbered(act, closing.incident)
    move(found, IncidentState.CLOSED)
    for problem in what_is_missing(found):
        raise problem
    found.ended_at = act.time
    found.save(update_fields=["state", "ended_at"])
    act.about(found, number=found.number, level=int(found.level))
    return found


def what_is_missing(incident: Incident) -> list[Refusal]:
    """What stands against closing, in the order it is to be done."""
    problems = [
        Refusal("incidents.not-reported", number=incident.number, report=DutyKind(each.kind).label)
        for each in incident.duties.filter(required=True, done_at=None).order_by("due_at")
    ]
    written = set(incident.entries.values_list("kind", flat=True))
    if not incident.cause:
        problems.append(Refusal("incidents.no-cause", number=incident.number))
    if written.isdisjoint(HANDLING):
        problems.append(Refusal("incidents.not-handled", number=incident.number))
    if EntryKind.LESSON not in written:
        problems.append(Refusal("incidents.no-lesson", number=incident.number))
    return problems
