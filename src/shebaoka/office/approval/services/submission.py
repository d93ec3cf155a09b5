"""Submitting a case: two persons of the region, everything there, sealed under one hash."""

from datetime import date
from typing import Literal, cast
from uuid import UUID

import msgspec

from shebaoka.office.approval.choices import Kind, Stage, State
from shebaoka.office.approval.models import Case
from shebaoka.office.approval.plan import fields, workflow
from shebaoka.office.approval.readiness import Readiness, case_digest, changes, readiness
from shebaoka.office.approval.services.steps import case_moves, draft_locked, region_moves
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.files import read
from shebaoka.office.organizations.acts import Act
from shebaoka.office.organizations.choices import Kind as Body
from shebaoka.office.organizations.two_persons import two_persons
from shebaoka.office.parameters.selectors import text


class Submission(msgspec.Struct, frozen=True):
    """The case, and the hash of what the proposer saw."""

    case: UUID
    digest: str = ""


@two_persons("approval.case.submit", Submission, rehearsed=True)
def case_submit(act: Act, submission: Submission) -> Case:
    """A city's case goes to its province, a province's to the ministry (M47 art. 8).

    Raises Refusal ``not-ready``, ``nothing-changed``, ``no-reason``, ``case-changed``, ``sealed``."""
    case = draft_locked(act, submission.case)
    state = readiness(case)
    if not state.ready:
        raise Refusal("approval.not-ready", first=first_lack(state))
    if case.kind != Kind.REGISTRATION:
        _as_change(case)
    for attachment in case.attachments.all():
        read(attachment.sha256)
    digest = case_digest(case)
    if submission.digest not in ("", digest):
        raise Refusal("approval.case-changed")
    city = case.region.organization.kind == Body.CITY
    case_moves(case, Stage.SUBMITTED if city else Stage.MINISTRY_REVIEW)
    case.digest, case.submitted_at = digest, act.time
    case.save()
    if case.kind == Kind.REGISTRATION:
        region_moves(case.region, State.CITY_SUBMITTED if city else State.MINISTRY_REVIEW, act)
    else:
        region_moves(case.region, State.CHANGE_PENDING, act)
    act.about(case, number=case.number, kind=case.kind, digest=digest, changes=case.changes)
    return case


def workflow_of(case: Case) -> tuple[list[str], str]:
    """What a change differs in, and the workflow it takes."""
    before = case.region.cases.filter(stage=Stage.APPROVED).latest("number")
    names = changes(before, case)
    organization = case.region.organization
    otherwise = text(organization, "approval.unclassified-change").replace("-", "_")
    return names, workflow(dict.fromkeys(names), cast(Literal["re_approval", "filing"], otherwise))


def first_lack(state: Readiness) -> str:
    """The first thing that is not there, in the language of the page."""
    for name in (*state.plan_unfit, *state.plan_missing):
        return str(fields()[name].name)
    for each in state.missing:
        return str(each.item.name)
    return " ".join(f"{each.name}: {each.message}" for each in state.structure[:1])


def _as_change(case: Case) -> None:
    names, kind = workflow_of(case)
    if not names:
        raise Refusal("approval.nothing-changed")
    effective: date | None = case.effective_on
    if not case.reason or effective is None or effective < clock.today():
        raise Refusal("approval.no-reason")
    case.kind, case.changes = Kind(kind), names
