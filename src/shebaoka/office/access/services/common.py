"""What the acts of holders share: they stand in the chain of the agency of the insured place."""

from uuid import UUID

from django.db.models import Model

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.acts import Act, record
from shebaoka.office.organizations.choices import Channel
from shebaoka.office.people.models import Person


def noted(name: str, person: Person, subject: Model, **data: object) -> None:
    """The audit row of something a holder did herself, in the transaction that is going on."""
    act = Act(name, Actor(person.agency, Channel.PORTAL), clock.now(), person.agency)
    act.persons["holder"] = str(person.pk)
    act.about(subject, **data)
    record(act)


def holder_locked(act: Act, pk: UUID) -> Person:
    """A living person of the actor's area, locked; the act is one of her agency. Raises Refusal."""
    found = (
        Person.objects.select_for_update(of=("self",))
        .select_related("agency")
        .filter(pk=pk, merged_into=None, died_on=None)
        .first()
    )
    if found is None or not act.actor.organization.contains(found.agency):
        raise Refusal("base.not-found", what="person")
    act.on(found.agency)
    return found
