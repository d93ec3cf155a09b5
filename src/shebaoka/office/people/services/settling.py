"""Two entries that may be one person, settled by two people (D-05)."""

from uuid import UUID

import msgspec

from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act
from shebaoka.office.organizations.two_persons import two_persons
from shebaoka.office.people.choices import Outcome
from shebaoka.office.people.hooks import BEFORE_MERGING
from shebaoka.office.people.models import Duplicate, OldNumber, Person
from shebaoka.office.people.services.common import reason
from shebaoka.office.people.services.noting import changed


class Settlement(msgspec.Struct, frozen=True):
    """What the two entries are."""

    duplicate: UUID
    outcome: Outcome
    reason: str


@two_persons("people.duplicate.settle", Settlement, rehearsed=True)
def duplicate_settle(act: Act, settlement: Settlement) -> Duplicate:
    """Merges an entry into the other one, or says that they are two persons, or keeps both for now.

    Raises Refusal ``people.settled``, ``people.say-why``, ``organizations.not-yours`` for merging entries of
    which one is of another area, and what other parts have against it (a live card)."""
    found = Duplicate.objects.select_for_update(of=("self",)).filter(pk=settlement.duplicate).first()
    if found is None or not act.actor.organization.contains(found.agency):
        raise Refusal("base.not-found", what="duplicate")
    act.on(found.agency)
    if found.outcome not in (Outcome.OPEN, Outcome.KEPT) or settlement.outcome == Outcome.OPEN:
        raise Refusal("people.settled")
    found.outcome, found.reason = settlement.outcome, reason(settlement.reason)
    found.settled_at = act.time
    if found.outcome in (Outcome.MERGED, Outcome.MERGED_BACK):
        _merge(act, found)
    found.save(update_fields=["outcome", "reason", "settled_at"])
    act.about(found, outcome=found.outcome, first=str(found.first_id), second=str(found.second_id))
    return found


def _merge(act: Act, found: Duplicate) -> None:
    """The entry that goes keeps everything that was written of it, and its number leads to the other."""
    ids = sorted((found.first_id, found.second_id))
    pair = Person.objects.select_for_update(of=("self",)).select_related("agency").filter(pk__in=ids)
    both = {each.pk: each for each in pair.order_by("pk")}
    stays, goes = both[found.first_id], both[found.second_id]
    if found.outcome == Outcome.MERGED_BACK:
        stays, goes = goes, stays
    for each in (stays, goes):
        if not act.actor.organization.contains(each.agency):
            raise Refusal("organizations.not-yours", name=each.agency.name)
        if each.merged_into_id is not None:
            raise Refusal("people.merged")
    for hook in BEFORE_MERGING:
        hook(stays, goes)
    goes.merged_into = stays
    goes.save(update_fields=["merged_into"])
    OldNumber.objects.create(person=stays, number=goes.number, until=act.time, why="merged")
    others = Duplicate.objects.filter(outcome=Outcome.OPEN).exclude(pk=found.pk)
    others.filter(first=goes).update(outcome=Outcome.MERGED, settled_at=act.time, reason=found.reason)
    others.filter(second=goes).update(outcome=Outcome.MERGED, settled_at=act.time, reason=found.reason)
    changed(act, stays, ("merged_into",))
    changed(act, goes, ("merged_into",))
