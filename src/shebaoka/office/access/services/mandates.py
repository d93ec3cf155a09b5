"""Mandates: a holder lets somebody act for her on the portal, within scopes and days; ended at any time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from shebaoka.domain import person_number
from shebaoka.domain.guessing import Ladder
from shebaoka.office.access.choices import MandateEnd, Tallied
from shebaoka.office.access.models import Mandate, PortalSession
from shebaoka.office.access.scopes import scopes as known
from shebaoka.office.access.scopes import words_of
from shebaoka.office.access.services.common import holder_locked, noted
from shebaoka.office.access.services.messages import warn
from shebaoka.office.access.services.stepping_up import is_stepped_up
from shebaoka.office.access.tallies import forgive, of_person, reserve
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Staff
from shebaoka.office.parameters.selectors import number as parameter
from shebaoka.office.people.models import Person

GIVE, END = "access.mandate.give", "access.mandate.end"
MOST = 10
"""Mandates of one holder in force at once, as many as a family service has members (domain practice)."""
_LADDER = Ladder(5, timedelta(minutes=1), timedelta(hours=1), 10**9)


@dataclass(frozen=True, slots=True)
class Terms:
    """To whom (number and name as on her document), for what, from when until when, both days included."""

    number: str
    name: str
    scopes: Sequence[str]
    since: date
    until: date


def mandate_give(session: PortalSession, *, terms: Terms) -> Mandate:
    """By the holder who is signed in, for herself alone, after a second proof. A number and a name that do
    not belong together are told alike, and tries are counted.

    Raises Refusal ``second-proof``, ``not-for-another``, ``agent-unknown``, ``mandate-self``,
    ``mandate-scopes``, ``mandate-dates``, ``mandate-many``, ``wait``."""
    if session.represented is not None:
        raise Refusal("access.not-for-another")
    if not is_stepped_up(session):
        raise Refusal("access.second-proof")
    holder = session.person
    counted = [of_person(holder.number, _LADDER, Tallied.PROOF)]
    reserve(counted)
    agent = _agent(terms)
    forgive(counted)
    with writing(GIVE):
        Person.objects.select_for_update(no_key=True).get(pk=holder.pk)
        made = _made(holder, agent, terms)
        noted(GIVE, holder, made, to=str(agent.pk), scopes=made.scopes, until=made.until)
    return made


@service("access.mandate.record")
def mandate_record(act: Act, *, person: UUID, terms: Terms, document: str) -> Mandate:
    """At the counter, from a written mandate that ``document`` names. Raises Refusal as :func:`mandate_give`,
    and ``mandate-paper`` without a document."""
    holder = holder_locked(act, person)
    if not document.strip():
        raise Refusal("access.mandate-paper")
    made = _made(holder, _agent(terms), terms, document=document.strip()[:200], by=act.actor.staff)
    act.about(made, to=str(made.agent_id), scopes=made.scopes, until=made.until)
    return made


def mandate_end(session: PortalSession, *, mandate: UUID) -> Mandate:
    """The holder withdraws it, or the agent gives it back; no second proof, since it only takes away. Raises
    Refusal ``base.not-found``, ``mandate-over``, ``not-for-another``."""
    if session.represented is not None:
        raise Refusal("access.not-for-another")
    person = session.person
    with writing(END):
        found = _locked(mandate)
        if found is None or person.pk not in {found.holder_id, found.agent_id}:
            raise Refusal("base.not-found", what="mandate")
        by = MandateEnd.HOLDER if found.holder_id == person.pk else MandateEnd.AGENT
        _ended(found, by)
        noted(END, found.holder, found, agent=found.agent, by=by.value)
    return found


@service("access.mandate.withdraw")
def mandate_withdraw(act: Act, *, mandate: UUID) -> Mandate:
    """At the counter, for a holder of the area. Raises Refusal ``base.not-found``, ``mandate-over``."""
    found = _locked(mandate)
    if found is None or not act.actor.organization.contains(found.agency):
        raise Refusal("base.not-found", what="mandate")
    act.on(found.agency)
    _ended(found, MandateEnd.COUNTER)
    act.about(found, to=str(found.agent_id))
    return found


def _agent(terms: Terms) -> Person:
    try:
        number = person_number.settled("".join(terms.number.split()).upper())
    except ValueError:
        raise Refusal("access.agent-unknown") from None
    found = Person.objects.filter(
        number=number, name=terms.name.strip(), merged_into=None, died_on=None
    ).first()
    if found is None:
        raise Refusal("access.agent-unknown")
    return found


def _made(
    holder: Person, agent: Person, terms: Terms, *, document: str = "", by: Staff | None = None
) -> Mandate:
    chosen = [each for each in known() if each in set(terms.scopes)]
    if agent == holder:
        raise Refusal("access.mandate-self")
    if not chosen or len(chosen) != len(set(terms.scopes)):
        raise Refusal("access.mandate-scopes")
    days = parameter(holder.agency, "enquiry.mandate-days")
    today = clock.today()
    if not today <= terms.since <= terms.until or terms.until >= terms.since + timedelta(days=days):
        raise Refusal("access.mandate-dates", days=days)
    if Mandate.objects.filter(holder=holder, ended_at=None, until__gte=today).count() >= MOST:
        raise Refusal("access.mandate-many", most=MOST)
    made = Mandate.objects.create(
        holder=holder,
        agent=agent,
        agency=holder.agency,
        region=holder.agency.region,
        scopes=chosen,
        since=terms.since,
        until=terms.until,
        document=document,
        recorded_by=by,
        given_at=clock.now(),
    )
    warn(holder, "mandate-given", agent=agent.name, scopes=words_of(chosen), until=terms.until)
    warn(agent, "mandate-got", holder=holder.name, until=terms.until)
    return made


def _locked(mandate: UUID) -> Mandate | None:
    return (
        Mandate.objects.select_for_update(of=("self",))
        .select_related("agency", "holder__agency", "agent")
        .filter(pk=mandate)
        .first()
    )


def _ended(found: Mandate, by: MandateEnd) -> None:
    if found.ended_at is not None or found.until < clock.today():
        raise Refusal("access.mandate-over")
    found.ended_by, found.ended_at = by, clock.now()
    found.save(update_fields=["ended_by", "ended_at"])
    for person in (found.holder, found.agent):
        warn(person, "mandate-ended", holder=found.holder.name, agent=found.agent.name)
