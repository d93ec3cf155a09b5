"""The province's first review and the ministry's decision, each by two persons of that body (M47 art. 8)."""

from uuid import UUID

import msgspec

from shebaoka.domain.institution import ISSUER_IDENTIFIER
from shebaoka.office.approval.choices import Kind, Stage, State
from shebaoka.office.approval.models import Case, Review
from shebaoka.office.approval.plan import tested_again
from shebaoka.office.approval.readiness import case_digest
from shebaoka.office.approval.services.steps import case_locked, case_moves, of_body, region_moves
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.files import read
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.choices import Kind as Body
from shebaoka.office.organizations.models import Organization
from shebaoka.office.organizations.two_persons import two_persons


class Decision(msgspec.Struct, frozen=True):
    """What the body says of the case as submitted. ``document``: number of the reply (批复), for a yes of the
    ministry; ``digest``: of the case the reviewer read."""

    case: UUID
    passed: bool
    opinion: str
    document: str = ""
    digest: str = ""


@service("approval.review.begin")
def review_begin(act: Act, *, case: UUID) -> Case:
    """The province takes up a city's case. Raises Refusal ``other-body``, ``not-now``."""
    found = case_locked(act, case)
    parent = found.region.organization.parent
    of_body(act, parent if parent is not None else found.region.organization)
    case_moves(found, Stage.PROVINCE_REVIEW)
    found.save(update_fields=["stage"])
    if found.kind == Kind.REGISTRATION:
        region_moves(found.region, State.PROVINCE_REVIEW, act)
    act.about(found, number=found.number)
    return found


@two_persons("approval.review.province", Decision, rehearsed=True)
def review_province(act: Act, decision: Decision) -> Case:
    """The first review: on to the ministry, or back to the city with the reasons. Raises Refusal
    ``other-body``, ``not-now``, ``no-opinion``, ``case-changed``, ``suspended``."""
    case = _reviewed(act, decision, Stage.PROVINCE_REVIEW)
    province = case.region.organization.parent
    of_body(act, province if province is not None else case.region.organization)
    _record(act, case, decision)
    if decision.passed:
        case_moves(case, Stage.MINISTRY_REVIEW)
        case.save(update_fields=["stage"])
        if case.kind == Kind.REGISTRATION:
            region_moves(case.region, State.MINISTRY_REVIEW, act)
    else:
        _back(act, case)
    return case


@two_persons("approval.review.ministry", Decision, rehearsed=True)
def review_ministry(act: Act, decision: Decision) -> Case:
    """The ministry's decision. A registration that passes gets its issuer number; a change that touches
    product or supplier must pass the test again (M47 art. 12). Raises Refusal as :func:`review_province`,
    and ``no-document``."""
    case = _reviewed(act, decision, Stage.MINISTRY_REVIEW)
    of_body(act, Organization.objects.get(kind=Body.MINISTRY, closed_on=None))
    if decision.passed and not decision.document.strip():
        raise Refusal("approval.no-document")
    _record(act, case, decision)
    if not decision.passed:
        _back(act, case)
        return case
    case_moves(case, Stage.APPROVED)
    case.decided_at = act.time
    case.save(update_fields=["stage", "decided_at"])
    region = case.region
    if case.kind == Kind.REGISTRATION:
        region.issuer_number = f"{ISSUER_IDENTIFIER}{region.organization.region}"
        region_moves(region, State.APPROVED, act)
    else:
        again = tested_again(dict.fromkeys(case.changes))
        region_moves(region, State.PSAMS_RECEIVED if again else State.ISSUING, act)
    act.data["issuer_number"] = region.issuer_number
    return case


def _reviewed(act: Act, decision: Decision, stage: Stage) -> Case:
    case = case_locked(act, decision.case)
    if case.stage != stage:
        raise Refusal("approval.not-now", state=Stage(case.stage).label)
    if case.region.state == State.SUSPENDED:
        raise Refusal("approval.suspended", name=case.region.organization.name)
    if not decision.opinion.strip() or len(decision.opinion) > 1000 or len(decision.document) > 80:
        raise Refusal("approval.no-opinion")
    if decision.digest not in ("", case.digest) or case_digest(case) != case.digest:
        raise Refusal("approval.case-changed")
    for attachment in case.attachments.all():
        read(attachment.sha256)
    return case


def _record(act: Act, case: Case, decision: Decision) -> None:
    Review.objects.create(
        case=case,
        body=act.actor.organization,
        passed=decision.passed,
        opinion=decision.opinion.strip(),
        document=decision.document.strip(),
        digest=case.digest,
        at=act.time,
    )
    act.about(
        case,
        number=case.number,
        kind=case.kind,
        passed=decision.passed,
        document=decision.document,
        digest=case.digest,
    )


def _back(act: Act, case: Case) -> None:
    """To be mended and submitted again."""
    case_moves(case, Stage.DRAFT)
    case.save(update_fields=["stage"])
    region_moves(case.region, State.DRAFT if case.kind == Kind.REGISTRATION else State.ISSUING, act)
