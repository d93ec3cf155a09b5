"""What is done about an incident, entry by entry."""

from datetime import datetime
from uuid import UUID

from shebaoka.office.base.errors import Refusal
from shebaoka.office.incidents.choices import WRITTEN, AffectedKind, EntryKind
from shebaoka.office.incidents.hooks import ROTATIONS, AffectedItem
from shebaoka.office.incidents.models import Affected, Entry, Incident
from shebaoka.office.incidents.services.opening import add_affected, computed
from shebaoka.office.incidents.services.steps import line, long_text, running
from shebaoka.office.organizations.acts import Act, service


@service("incidents.entry.add")
def entry_add(act: Act, *, incident: UUID, kind: EntryKind, text: str, at: datetime | None = None) -> Entry:
    """A line of the log: containment, finding, decision, recovery, lesson, note; ``at``: when it was done.

    Raises Refusal ``ended``, ``unfit-text``, ``ahead``, ``not-written`` for what comes with its own act."""
    found = running(act, incident)
    if kind not in WRITTEN:
        raise Refusal("incidents.not-written", kind=EntryKind(kind).label)
    made = enter(act, found, EntryKind(kind), long_text(text), at)
    act.about(found, number=found.number, kind=made.kind)
    return made


@service("incidents.cause.set")
def cause_set(act: Act, *, incident: UUID, cause: str) -> Incident:
    """The cause, as it is known now; an earlier one stays in the log."""
    found = running(act, incident)
    found.cause = long_text(cause)
    found.save(update_fields=["cause"])
    enter(act, found, EntryKind.CAUSE, found.cause)
    act.about(found, number=found.number)
    return found


@service("incidents.affected.add")
def affected_add(act: Act, *, incident: UUID, kind: AffectedKind, reference: str, name: str) -> Affected:
    """Something the incident touches that no register knows. Raises Refusal ``affected-there``."""
    found = running(act, incident)
    item = AffectedItem(AffectedKind(kind), line(reference), line(name, 200))
    if not add_affected(found, [item], act.time):
        raise Refusal("incidents.affected-there", reference=item.reference)
    act.about(found, number=found.number, kind=item.kind.value, reference=item.reference)
    return found.affected.get(kind=item.kind, reference=item.reference)


@service("incidents.affected.refresh")
def affected_refresh(act: Act, *, incident: UUID) -> int:
    """Asks the registers again what the incident touches; how many things are new."""
    found = running(act, incident)
    new = add_affected(found, computed(found), act.time)
    act.about(found, number=found.number, new=new)
    return new


@service("incidents.rotation.start")
def rotation_start(act: Act, *, incident: UUID) -> Entry:
    """Begins the change of the affected keys in the parts of the office that keep them. Raises Refusal
    ``nothing-to-rotate`` when none of them has anything to change."""
    found = running(act, incident)
    begun = [reference for begin in ROTATIONS for reference in begin(act.actor, found)]
    if not begun:
        raise Refusal("incidents.nothing-to-rotate", number=found.number)
    made = enter(act, found, EntryKind.ROTATION, "\n".join(begun))
    act.about(found, number=found.number, begun=begun)
    return made


def enter(act: Act, incident: Incident, kind: EntryKind, text: str, at: datetime | None = None) -> Entry:
    """A line of the log. Raises Refusal ``ahead`` for a time after now."""
    if at is not None and at > act.time:
        raise Refusal("incidents.ahead")
    return Entry.objects.create(
        incident=incident,
        kind=kind,
        text=text,
        at=at or act.time,
        by=act.actor.staff,
        written_at=act.time,
    )
