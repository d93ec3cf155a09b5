"""What the acts of holders share: they stand in the chain of the agency of the insured place."""

from uuid import UUID

from django.db.models import Model

from shebaoka.office.access.models import PortalSession
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.acts import Act, record
from shebaoka.office.organizations.choices import Channel
from shebaoka.office.people.models import Person


def noted(name: str, person: Person, subject: Model, *, agent: Person | None = None, **data: object) -> None:
    """The audit row of something a holder did herself, or ``agent`` for her, in the transaction that is going
    on."""
    act = Act(name, Actor(person.agency, Channel.PORTAL), clock.now(), person.agency)
    act.persons["holder"] = str(person.pk)
    if agent is not None and agent != person:
        act.persons["agent"] = str(agent.pk)
    act.about(subject, **data)
    record(act)


def on_portal(session: PortalSession) -> Actor:
    """The office acting for who stands before the portal, in the area of the person it is about; its
    rows name her, and who acts for her."""
    whom = session.whom
    persons = {"holder": str(whom.pk)}
    if whom != session.person:
        persons["agent"] = str(session.person.pk)
    return Actor(whom.agency, Channel.PORTAL, persons=tuple(persons.items()))


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
