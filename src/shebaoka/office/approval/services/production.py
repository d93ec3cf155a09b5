"""Taking an order from the approved quantity (R-10)."""

from shebaoka.office.approval.models import Use
from shebaoka.office.approval.ordering import Order, production_problems
from shebaoka.office.approval.services.steps import region_locked
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization


@service("approval.production.reserve")
def production_reserve(act: Act, *, organization: Organization, order: Order, reference: str) -> Use:
    """Takes the cards of an order from what is left; orders wait for each other, so that no two take the
    same. The same ``reference`` again is the same order and takes nothing more.

    Raises the first Refusal of :func:`~shebaoka.office.approval.ordering.production_problems`, and
    ``reference-taken`` for another order under the same reference."""
    region = region_locked(act, organization)
    before = region.uses.filter(reference=reference).first()
    if before is not None:
        if before.digest != order.digest:
            raise Refusal("approval.reference-taken", reference=reference)
        act.about(before, reference=reference, quantity=before.quantity, again=True)
        return before
    if order.test or not reference or len(reference) > 80:
        raise Refusal("approval.no-quantity")
    for problem in production_problems(organization, order, clock.today()):
        raise problem
    made = Use.objects.create(
        region=region,
        year=clock.today().year,
        quantity=order.quantity,
        reference=reference,
        digest=order.digest,
        at=act.time,
    )
    act.about(made, reference=reference, quantity=order.quantity, order=order.digest)
    return made
