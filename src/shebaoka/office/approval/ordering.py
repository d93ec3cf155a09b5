"""What may be produced: every order against what was approved, and against what is left of it (R-10)."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.db.models import Sum

from shebaoka.journal.canonical import canonical
from shebaoka.office.approval.choices import Stage, State
from shebaoka.office.approval.models import Case, Region, Use
from shebaoka.office.approval.plan import Plan, fields, from_data
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.models import Organization
from shebaoka.office.parameters.selectors import switch

_COMPARED = ("face", "layout", "structure", "chip", "cos", "supplier", "product")
_TESTED = frozenset({State.PSAMS_RECEIVED, State.TEST_PASSED, State.ISSUING, State.CHANGE_PENDING})


@dataclass(frozen=True, slots=True)
class Order:
    """Cards to be made. ``population``: the groups they are for; ``test``: test cards, which need no quantity
    and are no formal production."""

    face: str
    layout: str
    structure: str
    chip: str
    cos: str
    supplier: str
    product: str
    population: tuple[str, ...]
    quantity: int
    test: bool = False

    @property
    def digest(self) -> str:
        """SHA-256 over the order."""
        values = {name: getattr(self, name) for name in (*_COMPARED, "quantity", "test")}
        return sha256(canonical({**values, "population": list(self.population)})).hexdigest()


def production_problems(organization: Organization, order: Order, day: date) -> list[Refusal]:
    """Why the order may not be produced on ``day``; empty when it may. Nothing is reserved."""
    region = Region.objects.filter(organization=organization).first()
    if region is None:
        return [Refusal("approval.no-region", name=organization.name)]
    found = _state_problems(region, organization, order)
    case = case_in_force(region, day)
    if case is None:
        return found or [Refusal("approval.not-now", state=State(region.state).label)]
    plan = from_data(case.plan)
    found += [
        Refusal("approval.not-as-approved", field=fields()[name].name, approved=getattr(plan, name))
        for name in _COMPARED
        if getattr(order, name) != getattr(plan, name)
    ]
    others = [group for group in order.population if group not in plan.population]
    if others or not order.population:
        found.append(
            Refusal(
                "approval.not-as-approved",
                field=fields()["population"].name,
                approved=", ".join(plan.population),
            )
        )
    if order.quantity < 1:
        found.append(Refusal("approval.no-quantity"))
    left = _left(region, plan, day)
    if not order.test and order.quantity > left:
        found.append(Refusal("approval.over-run", quantity=order.quantity, left=left, year=day.year))
    return found


def case_in_force(region: Region, day: date) -> Case | None:
    """The approved case that counts on ``day``: the latest whose day of effect has come."""
    approved = region.cases.filter(stage=Stage.APPROVED).order_by("-number")
    return next((case for case in approved if case.effective_on is None or case.effective_on <= day), None)


def remaining(region: Region, day: date) -> int:
    """Cards left of the approved quantity of the year of ``day``."""
    case = case_in_force(region, day)
    return _left(region, from_data(case.plan), day) if case is not None else 0


def _left(region: Region, plan: Plan, day: date) -> int:
    used = Use.objects.filter(region=region, year=day.year).aggregate(Sum("quantity"))["quantity__sum"] or 0
    return max(plan.quantities.get(str(day.year), 0) - int(used), 0)


def _state_problems(region: Region, organization: Organization, order: Order) -> list[Refusal]:
    state = State(region.state)
    if order.test:
        allowed = state in _TESTED
    else:
        pending = state == State.CHANGE_PENDING and switch(organization, "approval.produce-while-pending")
        allowed = state == State.ISSUING or pending
    return [] if allowed else [Refusal("approval.not-issuing", name=organization.name, state=state.label)]
