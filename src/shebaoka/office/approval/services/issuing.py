"""From approval to issuing: keys, PSAM cards, the start; suspension and resumption."""

import msgspec

from shebaoka.office.approval.choices import CLOSED, Stage, State
from shebaoka.office.approval.models import Region, Suspension
from shebaoka.office.approval.services.steps import of_body, region_locked, region_moves
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.choices import Kind as Body
from shebaoka.office.organizations.models import Organization
from shebaoka.office.organizations.two_persons import two_persons
from shebaoka.office.parameters.selectors import publication_in_force


class Start(msgspec.Struct, frozen=True):
    """The region (code) begins to issue."""

    organization: str


class StateChange(msgspec.Struct, frozen=True):
    """The region (code) is stopped, or may go on, because of ``reason``."""

    organization: str
    reason: str


@service("approval.keys.received")
def keys_received(act: Act, *, organization: Organization, document: str) -> Region:
    """The region's keys are there (P20 step 2); ``document``: number of the hand-over memorandum. Called by
    the part that receives carriers, in its transaction; later carriers change nothing. Raises Refusal
    ``no-region``, ``not-now`` before the approval."""
    return _received(act, organization, document, State.APPROVED, State.KEYS_RECEIVED)


@service("approval.psams.received")
def psams_received(act: Act, *, organization: Organization, document: str) -> Region:
    """The region's PSAM cards are there (P20 step 3), as :func:`keys_received`."""
    return _received(act, organization, document, State.KEYS_RECEIVED, State.PSAMS_RECEIVED)


@two_persons("approval.issuing.start", Start, rehearsed=True)
def issuing_start(act: Act, start: Start) -> Region:
    """The region begins to issue: test passed, application management rules published (M47 art. 12, 16).
    Raises Refusal ``not-now``, ``rules-unpublished``, ``other-body``."""
    region = region_locked(act, _organization(start.organization))
    of_body(act, region.organization)
    region_moves(region, State.ISSUING, act)
    if publication_in_force(region.organization) is None:
        raise Refusal("approval.rules-unpublished", name=region.organization.name)
    act.about(region, code=region.organization.code)
    return region


@two_persons("approval.issuing.suspend", StateChange, rehearsed=True)
def issuing_suspend(act: Act, change: StateChange) -> Region:
    """The ministry or the province stops a region. Raises Refusal ``other-body``, ``not-now``, ``no-why``."""
    region = _above(act, change)
    region_moves(region, State.SUSPENDED, act)
    _note(act, region, change, suspends=True)
    return region


@two_persons("approval.issuing.resume", StateChange, rehearsed=True)
def issuing_resume(act: Act, change: StateChange) -> Region:
    """The region may go on; only the ministry lifts what the ministry imposed. Raises Refusal as
    :func:`issuing_suspend`."""
    region = _above(act, change)
    last = region.suspensions.select_related("by").order_by("-at", "-pk").first()
    if last is not None and last.by.kind == Body.MINISTRY:
        of_body(act, last.by)
    open_case = region.cases.exclude(stage__in=(*CLOSED, Stage.DRAFT)).exists()
    region_moves(region, State.CHANGE_PENDING if open_case else State.ISSUING, act)
    _note(act, region, change, suspends=False)
    return region


def _received(act: Act, organization: Organization, document: str, before: State, after: State) -> Region:
    region = region_locked(act, organization)
    order = list(State)
    if order.index(State(region.state)) < order.index(before):
        raise Refusal("approval.not-now", state=State(region.state).label)
    if region.state == before:
        region_moves(region, after, act)
    act.about(region, code=organization.code, document=document, state=region.state)
    return region


def _above(act: Act, change: StateChange) -> Region:
    region = region_locked(act, _organization(change.organization))
    above = act.actor.organization
    if above.kind not in (Body.MINISTRY, Body.PROVINCE) or above.pk == region.organization_id:
        raise Refusal("approval.other-body", name=region.organization.name)
    if not change.reason.strip() or len(change.reason) > 400:
        raise Refusal("approval.no-why")
    return region


def _note(act: Act, region: Region, change: StateChange, *, suspends: bool) -> None:
    Suspension.objects.create(
        region=region,
        suspends=suspends,
        by=act.actor.organization,
        reason=change.reason.strip(),
        at=act.time,
    )
    act.about(region, code=region.organization.code, state=region.state, reason=change.reason.strip())


def _organization(code: str) -> Organization:
    found = Organization.objects.filter(code=code).first()
    if found is None:
        raise Refusal("base.not-found", what=code)
    return found
