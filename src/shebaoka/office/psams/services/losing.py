"""The writers of losses (R-35)."""

from datetime import datetime, timedelta

import msgspec

from shebaoka.office.base.errors import Refusal
from shebaoka.office.incidents.choices import IncidentKind
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.two_persons import two_persons
from shebaoka.office.parameters.selectors import number
from shebaoka.office.psams.choices import MOVES, Status
from shebaoka.office.psams.models import Loss, Psam
from shebaoka.office.psams.services.common import (
    end_issue,
    held,
    incident,
    move,
    not_now,
    own_body,
    owned,
    words,
)
from shebaoka.office.psams.services.listing import list_renew


class WritingOff(msgspec.Struct, frozen=True):
    """A lost PSAM that is given up."""

    organization: str
    serial: str
    because: str


@service("psams.loss.report")
def loss_report(
    act: Act, *, serial: str, missing_since: datetime, circumstances: str, theft: bool = False
) -> Loss:
    """A PSAM is lost: hosts refuse it at once by a new signed list, an incident opens, the clock of the
    written report starts. Raises Refusal ``psams.not-now``, ``psams.ahead``."""
    psam, issue = held(act, serial)
    if Status.LOST not in MOVES[Status(psam.status)]:
        raise not_now(psam)
    if missing_since > act.time:
        raise Refusal("psams.ahead")
    what = words(circumstances)
    opened = incident(act, psam, IncidentKind.PSAM_LOST, what)
    made = Loss.objects.create(
        psam=psam,
        holder=issue.unit if issue else psam.owner,
        told_at=act.time,
        told_by=act.actor.staff,
        missing_since=missing_since,
        circumstances=what,
        theft=theft,
        incident=opened,
        written_due=act.time + timedelta(hours=number(psam.owner, "psams.loss-written-hours")),
    )
    move(psam, Status.LOST, act, what)
    listed = list_renew(psam.owner, act)
    act.about(psam, serial=serial, incident=opened, list=listed.version, theft=theft)
    return made


@service("psams.loss.write")
def loss_write(act: Act, *, serial: str, document: str, responsibility: str, police: str = "") -> Loss:
    """The report in writing, with whose responsibility it was; with the police's number for a theft. Raises
    Refusal ``psams.police-report``."""
    psam, _issue = held(act, serial)
    found = _open(psam)
    if found.written_at is not None:
        raise not_now(psam)
    if found.theft and not police.strip():
        raise Refusal("psams.police-report")
    found.written_at, found.written_document = act.time, words(document)[:60]
    found.responsibility, found.police = words(responsibility), police.strip()[:60]
    found.save(update_fields=["written_at", "written_document", "responsibility", "police"])
    act.about(psam, serial=serial, document=found.written_document, late=act.time > found.written_due)
    return found


@service("psams.loss.found")
def loss_found(act: Act, *, serial: str, where: str) -> Psam:
    """It is there again. It stays refused, and is handed in and checked; it never serves again."""
    psam, _issue = held(act, serial)
    found = _open(psam)
    found.found_at = act.time
    found.save(update_fields=["found_at"])
    move(psam, Status.FOUND, act, words(where))
    act.about(psam, serial=serial, where=words(where))
    return psam


@two_persons("psams.loss.write-off", WritingOff, rehearsed=True)
def loss_write_off(act: Act, off: WritingOff) -> Psam:
    """It will not come back: refused for good, its numbers never given again. Raises Refusal
    ``psams.not-written`` before the report in writing."""
    own_body(act, off.organization)
    (psam,) = owned(act, [off.serial])
    found = _open(psam)
    if found.written_at is None:
        raise Refusal("psams.not-written", serial=psam.serial)
    found.written_off_at = act.time
    found.save(update_fields=["written_off_at"])
    move(psam, Status.WRITTEN_OFF, act, words(off.because))
    end_issue(psam, act)
    psam.recalls.filter(returned_at=None).update(returned_at=act.time)
    act.about(psam, serial=psam.serial, because=words(off.because))
    return psam


def _open(psam: Psam) -> Loss:
    found = psam.losses.select_for_update(of=("self",)).filter(found_at=None).first()
    if found is None:
        raise not_now(psam)
    return found
