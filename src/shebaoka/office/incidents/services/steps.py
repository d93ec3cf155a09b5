"""What the writers of incidents share: the locked row, checked texts, moves."""

from uuid import UUID

from shebaoka.office.base.errors import Refusal
from shebaoka.office.incidents.choices import MOVES, IncidentState
from shebaoka.office.incidents.models import Incident
from shebaoka.office.incidents.visible import incidents_of
from shebaoka.office.organizations.acts import Act

_LONGEST = 4000


def locked(act: Act, id: UUID | str) -> Incident:
    """The incident, its row locked, if the actor may know of it. Raises Refusal ``base.not-found``."""
    try:
        found = (
            incidents_of(act.actor).select_for_update(of=("self",)).select_related("organization").get(pk=id)
        )
    except (Incident.DoesNotExist, ValueError):
        raise Refusal("base.not-found", what="incident") from None
    act.on(found.organization)
    return found


def numbered(act: Act, number: str) -> Incident:
    """The same, by its number."""
    found = incidents_of(act.actor).filter(number=number).values_list("pk", flat=True).first()
    if found is None:
        raise Refusal("base.not-found", what=number[:40])
    return locked(act, found)


def running(act: Act, id: UUID | str) -> Incident:
    """The same, when it has not ended. Raises Refusal ``incidents.ended``."""
    found = locked(act, id)
    if not found.running:
        raise Refusal("incidents.ended", number=found.number)
    return found


def move(incident: Incident, to: IncidentState) -> None:
    """Another state. Raises Refusal ``incidents.no-such-move``."""
    if to not in MOVES[incident.state]:
        raise Refusal(
            "incidents.no-such-move", number=incident.number, state=IncidentState(incident.state).label
        )
    incident.state = to


def long_text(text: str) -> str:
    """A text of several lines. Raises Refusal ``incidents.unfit-text``."""
    text = text.replace("\r\n", "\n").strip()
    if not 0 < len(text) <= _LONGEST or "\0" in text:
        raise Refusal("incidents.unfit-text", longest=_LONGEST)
    return text


def line(text: str, longest: int = 120) -> str:
    """A text of one line. Raises Refusal ``incidents.unfit-text``."""
    text = " ".join(text.split())
    if not 0 < len(text) <= longest or "\0" in text:
        raise Refusal("incidents.unfit-text", longest=longest)
    return text
