"""Steps the services share: rows locked parents first, moves by the tables, acts of the right body."""

from uuid import UUID

from shebaoka.office.approval.choices import MOVES, STAGE_MOVES, Stage, State
from shebaoka.office.approval.models import Case, Region
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act
from shebaoka.office.organizations.models import Organization


def region_locked(act: Act, organization: Organization) -> Region:
    """The issuing region of ``organization``, its row locked. Raises Refusal ``no-region``."""
    act.on(organization)
    found = (
        Region.objects.select_for_update(of=("self",))
        .select_related("organization")
        .filter(organization=organization)
        .first()
    )
    if found is None:
        raise Refusal("approval.no-region", name=organization.name)
    return found


def case_locked(act: Act, pk: UUID) -> Case:
    """A case, its region and itself locked, in the actor's area. Raises Refusal ``base.not-found``."""
    region = Region.objects.select_related("organization").filter(cases__pk=pk).first()
    if region is None or not act.actor.organization.contains(region.organization):
        raise Refusal("base.not-found", what="case")
    region = region_locked(act, region.organization)
    case = Case.objects.select_for_update(of=("self",)).get(pk=pk)
    case.region = region
    return case


def draft_locked(act: Act, pk: UUID) -> Case:
    """A case of the actor's own body that is not submitted yet. Raises Refusal ``sealed``."""
    case = case_locked(act, pk)
    of_body(act, case.region.organization)
    if case.stage != Stage.DRAFT:
        raise Refusal("approval.sealed")
    return case


def of_body(act: Act, organization: Organization) -> None:
    """Raises Refusal ``other-body`` unless the actor belongs to ``organization`` itself."""
    if act.actor.organization.pk != organization.pk:
        raise Refusal("approval.other-body", name=organization.name)


def region_moves(region: Region, to: State, act: Act) -> None:
    """Raises Refusal ``not-now`` for a move the table does not have."""
    if to not in MOVES[State(region.state)]:
        raise Refusal("approval.not-now", state=State(region.state).label)
    region.state, region.since = to, act.time
    region.save(update_fields=["state", "since", "issuer_number"])


def case_moves(case: Case, to: Stage) -> None:
    """As :func:`region_moves`; the caller saves."""
    if to not in STAGE_MOVES[Stage(case.stage)]:
        raise Refusal("approval.not-now", state=Stage(case.stage).label)
    case.stage = to
