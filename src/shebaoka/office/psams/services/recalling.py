"""The writers of recalls and returns: how a PSAM comes back from a unit (R-36, R-37)."""

from collections.abc import Iterable
from datetime import timedelta

import msgspec

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.incidents.choices import IncidentKind
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization
from shebaoka.office.organizations.two_persons import two_persons
from shebaoka.office.parameters.selectors import number
from shebaoka.office.psams.choices import AT_UNIT, MOVES, RecallReason, Status
from shebaoka.office.psams.models import Psam, Recall, RecallLine, Return
from shebaoka.office.psams.services.common import (
    end_issue,
    incident,
    issue_of,
    move,
    next_number,
    not_now,
    own_body,
    owned,
    signers,
    words,
)


class RecallList(msgspec.Struct, frozen=True):
    """PSAMs that are called back."""

    organization: str
    serials: tuple[str, ...]
    reason: RecallReason
    remark: str


class HandingIn(msgspec.Struct, frozen=True):
    """A PSAM that is handed back to the body; maker and checker are the two sides (Part 10 §6.5.3)."""

    organization: str
    serial: str
    seal_whole: bool
    remark: str


class Restocking(msgspec.Struct, frozen=True):
    """A returned PSAM that was checked and may be issued again; ``found``: what the check showed."""

    organization: str
    serial: str
    found: str


@two_persons("psams.recall.make", RecallList, rehearsed=True)
def recall_make(act: Act, wanted: RecallList) -> Recall:
    """A recall list, due after the days of the parameter. Raises Refusal ``psams.not-now`` for one that no
    unit holds, ``psams.recalled``."""
    body = own_body(act, wanted.organization)
    psams = owned(act, wanted.serials)
    if not psams:
        raise Refusal("psams.named-twice")
    made = call_back(act, body, psams, wanted.reason, words(wanted.remark))
    act.about(made, number=made.number, reason=made.reason, count=len(psams), due=made.due)
    return made


def call_back(
    act: Act,
    body: Organization,
    psams: Iterable[Psam],
    reason: RecallReason,
    remark: str,
    days: str = "psams.recall-days",
) -> Recall:
    """The list and its lines, within another act. ``days``: the parameter with the time to hand in."""
    made = Recall.objects.create(
        number=next_number(body),
        organization=body,
        reason=reason,
        remark=remark,
        made_at=act.time,
        due=clock.today() + timedelta(days=number(body, days)),
    )
    for psam in psams:
        if psam.status not in AT_UNIT:
            raise not_now(psam)
        if psam.recalls.filter(returned_at=None).exists():
            raise Refusal("psams.recalled", serial=psam.serial)
        RecallLine.objects.create(recall=made, psam=psam)
    return made


@two_persons("psams.psam.return", HandingIn)
def psam_return(act: Act, handing: HandingIn) -> Return:
    """A PSAM is handed back, its keeper and the body's keeper both sign; when the unit has nobody any more
    two keepers of the body do. Raises Refusal ``psams.not-now``, ``psams.two-sides``."""
    maker, checker = signers(act)
    locked = Psam.objects.select_for_update(of=("self",)).select_related("owner")
    psam = locked.filter(serial=handing.serial, owner__code=handing.organization).first()
    if psam is None:
        raise Refusal("base.not-found", what=handing.serial)
    body = psam.owner
    issue = issue_of(psam)
    if Status.RETURNED not in MOVES[Status(psam.status)]:
        raise not_now(psam)
    sides = {maker.organization_id, checker.organization_id if checker else maker.organization_id}
    unit = issue.unit_id if issue else body.pk
    if body.pk not in sides or not sides <= {body.pk, unit}:
        raise Refusal("psams.two-sides", serial=psam.serial)
    taker = maker if maker.organization_id == body.pk else checker
    giver = checker if taker == maker else maker
    if taker is None:
        raise Refusal("psams.two-sides", serial=psam.serial)
    made = Return.objects.create(
        number=next_number(body),
        psam=psam,
        at=act.time,
        given_by=giver,
        taken_by=taker,
        seal_whole=handing.seal_whole,
        remark=handing.remark.strip()[:400],
    )
    move(psam, Status.RETURNED, act, made.number)
    end_issue(psam, act)
    psam.recalls.filter(returned_at=None).update(returned_at=act.time)
    act.organization = issue.unit if issue else body
    act.about(psam, serial=psam.serial, number=made.number, seal_whole=handing.seal_whole)
    return made


@two_persons("psams.psam.restock", Restocking, rehearsed=True)
def psam_restock(act: Act, back: Restocking) -> Psam:
    """A returned PSAM was checked and lies in stock again. Raises Refusal ``psams.not-now``,
    ``psams.was-lost`` for one that was ever lost: nobody knows what was done with it."""
    own_body(act, back.organization)
    (psam,) = owned(act, [back.serial])
    if psam.losses.exists():
        raise Refusal("psams.was-lost", serial=psam.serial)
    found = words(back.found)
    move(psam, Status.IN_STOCK, act, found)
    act.about(psam, serial=psam.serial, found=found)
    return psam


@service("psams.recall.remind")
def recall_remind(act: Act, *, line: RecallLine) -> RecallLine:
    """The reminder before a deadline, once."""
    found = _line(act, line)
    found.reminded_at = act.time
    found.save(update_fields=["reminded_at"])
    act.about(found.psam, serial=found.psam.serial, recall=found.recall.number, due=found.recall.due)
    return found


@service("psams.recall.freeze")
def recall_freeze(act: Act, *, line: RecallLine) -> RecallLine:
    """The deadline is past: the PSAM is frozen, and its absence a potential incident (R-37)."""
    found = _line(act, line)
    psam = found.psam
    found.frozen_at = act.time
    found.save(update_fields=["frozen_at"])
    why = f"回收清单{found.recall.number}逾期未交回"
    if psam.status in (Status.ISSUED, Status.ACTIVE):
        move(psam, Status.FROZEN, act, why)
    opened = incident(act, psam, IncidentKind.OVERDUE_RETURN, why, potential=True)
    act.about(psam, serial=psam.serial, recall=found.recall.number, due=found.recall.due, incident=opened)
    return found


def _line(act: Act, line: RecallLine) -> RecallLine:
    """The line, its PSAM locked before it; only while it is open."""
    psam = Psam.objects.select_for_update(of=("self",)).select_related("owner").get(pk=line.psam_id)
    only = RecallLine.objects.select_for_update(of=("self",)).select_related("recall")
    found = only.filter(pk=line.pk, returned_at=None).first()
    if found is None:
        raise not_now(psam)
    found.psam = psam
    act.on(psam.owner)
    return found
