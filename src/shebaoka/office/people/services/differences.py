"""A difference from the national base that no message mends is looked into and settled by a person (D-08)."""

from uuid import UUID

from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.people.models import Difference
from shebaoka.office.people.national.reconciling import Explanation
from shebaoka.office.people.selectors import differences
from shebaoka.office.people.services.common import reason


@service("people.difference.settle")
def difference_settle(act: Act, *, difference: UUID, why: str) -> Difference:
    """Closed with what was found out: who is right, and who was told. The daily comparison shows it again
    only when registry and base differ in something else.

    Raises Refusal ``base.not-found`` for one that is closed or of another area, ``people.say-why``."""
    mine = differences(act.actor).filter(pk=difference)
    found = Difference.objects.select_for_update(no_key=True).filter(pk__in=mine.values("pk")).first()
    if found is None or found.resolved_at is not None:
        raise Refusal("base.not-found", what="difference")
    found.reason = reason(why)
    found.explanation, found.resolved_at = Explanation.SETTLED.value, act.time
    found.save(update_fields=["reason", "explanation", "resolved_at"])
    act.about(found, kind=found.kind)
    return found
