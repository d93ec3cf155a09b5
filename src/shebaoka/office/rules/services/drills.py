"""The writer of drills."""

from datetime import date

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization
from shebaoka.office.rules.choices import DocumentKind, DrillResult
from shebaoka.office.rules.models import Document, Drill
from shebaoka.office.rules.services.common import LONGEST_TEXT, line, own_body


@service("rules.drill.record")
def drill_record(
    act: Act,
    *,
    organization: Organization,
    held_on: date,
    scenario: str,
    participants: str,
    result: DrillResult,
    findings: str = "",
    improvements: str = "",
) -> Drill:
    """A drill that was held, of the plan that was in force then. Raises Refusal ``drill-ahead``,
    ``drill-without-plan``, ``drill-findings`` when it did not simply pass and nobody says what was found and
    what is done about it."""
    body = own_body(act, organization)
    if held_on > clock.today():
        raise Refusal("rules.drill-ahead")
    plan = (
        Document.objects.filter(
            organization=body, kind=DocumentKind.CONTINGENCY_PLAN, in_force_from__lte=held_on
        )
        .order_by("-version")
        .first()
    )
    if plan is None or (plan.withdrawn_on is not None and plan.withdrawn_on <= held_on):
        raise Refusal("rules.drill-without-plan", day=held_on)
    result = DrillResult(result)
    findings, improvements = findings.strip()[:LONGEST_TEXT], improvements.strip()[:LONGEST_TEXT]
    if result != DrillResult.PASSED and not (findings and improvements):
        raise Refusal("rules.drill-findings")
    made = Drill.objects.create(
        organization=body,
        plan=plan,
        held_on=held_on,
        scenario=line(scenario),
        participants=line(participants),
        result=result,
        findings=findings,
        improvements=improvements,
        recorded_by=act.actor.staff,
        recorded_at=act.time,
    )
    act.about(made, held_on=held_on, result=result.value, plan_version=plan.version)
    return made
