"""Who needs to know of a secret incident, and who looked at it."""

from uuid import UUID

from shebaoka.office.base.errors import Refusal
from shebaoka.office.incidents.models import Incident, Reader
from shebaoka.office.incidents.services.steps import line, locked
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Staff

_LONGEST = 400


@service("incidents.reader.add")
def reader_add(act: Act, *, incident: UUID, number: str, because: str) -> Reader:
    """Somebody of the incident's body, or of one above or below it, who needs to know. Raises Refusal
    ``reader-there``, ``base.not-found``."""
    found = locked(act, incident)
    staff = Staff.objects.select_related("organization").filter(number=number.strip(), is_active=True).first()
    body = found.organization
    if staff is None or not (body.contains(staff.organization) or staff.organization.contains(body)):
        raise Refusal("base.not-found", what=number.strip()[:40])
    if found.readers.filter(staff=staff, removed_at=None).exists():
        raise Refusal("incidents.reader-there", name=staff.name)
    made = Reader.objects.create(
        incident=found, staff=staff, because=line(because, _LONGEST), added_at=act.time
    )
    act.about(found, number=found.number, reader=staff.number)
    return made


@service("incidents.reader.remove")
def reader_remove(act: Act, *, incident: UUID, number: str) -> Reader:
    """Somebody who needs to know no more."""
    found = locked(act, incident)
    held = (
        found.readers.select_for_update(of=("self",))
        .select_related("staff")
        .filter(staff__number=number, removed_at=None)
        .first()
    )
    if held is None:
        raise Refusal("base.not-found", what=number[:40])
    held.removed_at = act.time
    held.save(update_fields=["removed_at"])
    act.about(found, number=found.number, reader=held.staff.number)
    return held


@service("incidents.secret.read")
def secret_read(act: Act, *, incident: UUID) -> Incident:
    """A look at a secret incident by somebody who needs to know: it stands in the chain, with the purpose of
    her session. Raises Refusal ``base.not-found`` for everybody else."""
    found = locked(act, incident)
    act.about(found, number=found.number, secrecy=int(found.secrecy))
    return found
