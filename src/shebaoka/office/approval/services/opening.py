"""Opening a registration or a change, and writing its form."""

from datetime import date
from uuid import UUID

from shebaoka.office.approval.choices import CLOSED, Kind, Stage, State
from shebaoka.office.approval.models import Attachment, Case, Region
from shebaoka.office.approval.plan import Plan, as_data, fields, items_of, unfit
from shebaoka.office.approval.services.steps import case_moves, draft_locked, of_body, region_locked
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.choices import Kind as Body
from shebaoka.office.organizations.models import Organization


@service("approval.region.open")
def region_open(act: Act, *, organization: Organization) -> Case:
    """A province or city begins its registration. Raises Refusal ``no-issuer`` for any other body (M47
    art. 5), ``region-open`` for one that began already."""
    act.on(organization)
    of_body(act, organization)
    if organization.kind not in (Body.PROVINCE, Body.CITY) or organization.closed_on is not None:
        raise Refusal("approval.no-issuer", name=organization.name)
    Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    if Region.objects.filter(organization=organization).exists():
        raise Refusal("approval.region-open", name=organization.name)
    region = Region.objects.create(organization=organization, since=act.time)
    case = Case.objects.create(region=region, number=1, kind=Kind.REGISTRATION, plan=as_data(Plan()))
    act.about(case, number=1, kind=case.kind)
    return case


@service("approval.change.open")
def change_open(act: Act, *, organization: Organization) -> Case:
    """An issuing region begins a change of what was approved, from a copy of it. Which of the two workflows
    it takes follows from what differs when it is submitted. Raises Refusal ``not-now``, ``case-open``."""
    region = region_locked(act, organization)
    of_body(act, organization)
    if region.state != State.ISSUING:
        raise Refusal("approval.not-now", state=State(region.state).label)
    if region.cases.exclude(stage__in=CLOSED).exists():
        raise Refusal("approval.case-open")
    before = region.cases.filter(stage=Stage.APPROVED).latest("number")
    case = Case.objects.create(
        region=region, number=region.cases.count() + 1, kind=Kind.RE_APPROVAL, plan=before.plan
    )
    kept = before.attachments.filter(item__in=items_of(Kind.RE_APPROVAL)).exclude(item="material.other")
    Attachment.objects.bulk_create(
        Attachment(case=case, item=each.item, name=each.name, sha256=each.sha256, size=each.size, at=act.time)
        for each in kept
    )
    act.about(case, number=case.number)
    return case


@service("approval.plan.write")
def plan_write(
    act: Act,
    *,
    case: UUID,
    plan: Plan,
    reason: str = "",
    effect: str = "",
    effective_on: date | None = None,
) -> Case:
    """The form of a draft. For a change also why, its effect on cards in use, and from when it counts.
    Raises Refusal ``sealed``, ``plan-unfit``."""
    found = draft_locked(act, case)
    bad = unfit(plan)
    if bad or len(reason) > 400 or len(effect) > 400:
        names = ", ".join(str(fields()[name].name) for name in dict.fromkeys(bad))
        raise Refusal("approval.plan-unfit", fields=names or "-")
    data = as_data(plan)
    written = sorted(name for name in fields() if found.plan.get(name) != data[name])
    found.plan = data
    found.reason, found.effect, found.effective_on = reason.strip(), effect.strip(), effective_on
    found.save(update_fields=["plan", "reason", "effect", "effective_on"])
    act.about(found, fields=written)
    return found


@service("approval.case.withdraw")
def case_withdraw(act: Act, *, case: UUID) -> Case:
    """A change that is not wanted any more. A registration stays a draft. Raises Refusal ``sealed``,
    ``not-now``."""
    found = draft_locked(act, case)
    if found.kind == Kind.REGISTRATION:
        raise Refusal("approval.not-now", state=Stage(found.stage).label)
    case_moves(found, Stage.WITHDRAWN)
    found.decided_at = act.time
    found.save(update_fields=["stage", "decided_at"])
    act.about(found, number=found.number)
    return found
