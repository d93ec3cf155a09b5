"""Leak cases: what is known is collected when one is opened, cause and decision are of two persons (Q-5,
PW-08: the agency's own fault is one of the causes)."""

from uuid import UUID

import msgspec

from shebaoka.office.access.choices import LeakCause
from shebaoka.office.access.models import LeakCase, PortalSession
from shebaoka.office.access.services.common import holder_locked, noted
from shebaoka.office.access.services.messages import tell
from shebaoka.office.access.standing import day_of, standing
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization, Staff
from shebaoka.office.organizations.reading import readers_of
from shebaoka.office.organizations.two_persons import two_persons
from shebaoka.office.people.models import Person

TELL = "access.leak.tell"
_LONGEST = 1000
_SIGN_INS, _READS, _NOTICES = 100, 200, 50


class LeakDecision(msgspec.Struct, frozen=True):
    """``case``: its number; ``cause`` a :class:`LeakCause`; ``decision``: what follows, in words."""

    case: str
    cause: LeakCause
    decision: str


def leak_tell(session: PortalSession, *, told: str) -> LeakCase:
    """The holder says on the portal that data of hers became known. Raises Refusal ``leak-untold``."""
    with writing(TELL):
        made = _opened(session.whom, told, None)
        noted(TELL, session.whom, made, agent=session.person, number=made.number)
    return made


@service("access.leak.open")
def leak_open(act: Act, *, person: UUID, told: str) -> LeakCase:
    """At the counter. Raises Refusal ``leak-untold``, ``base.not-found``."""
    made = _opened(holder_locked(act, person), told, act.actor.staff)
    act.about(made, number=made.number)
    return made


@two_persons("access.leak.decide", LeakDecision, rehearsed=True)
def leak_decide(act: Act, decision: LeakDecision) -> LeakCase:
    """Raises Refusal ``base.not-found``, ``leak-decided``, ``leak-undecided`` without words, ``leak-in-time``
    where the initial password was changed in time, or no time had been set."""
    found = (
        LeakCase.objects.select_for_update(of=("self",))
        .select_related("agency")
        .filter(number=decision.case)
        .first()
    )
    if found is None or not act.actor.organization.contains(found.agency):
        raise Refusal("base.not-found", what="case")
    act.on(found.agency)
    if found.decided_at is not None:
        raise Refusal("access.leak-decided")
    words = decision.decision.strip()
    if not words:
        raise Refusal("access.leak-undecided")
    if decision.cause is LeakCause.UNCHANGED and not found.collected["password"]["late"]:
        raise Refusal("access.leak-in-time")
    found.cause, found.decision, found.decided_at = decision.cause, words[:_LONGEST], act.time
    found.save()
    act.about(found, number=found.number, cause=found.cause)
    tell(found.person, "leak-decided", number=found.number)
    return found


def collected(person: Person) -> dict[str, object]:
    """What is known of her password, of what she was told, of sign-ins, and of who read about her."""
    found = standing(person.number)
    account = found.account
    late = found.is_initial and found.due is not None and clock.today() > found.due
    sessions = person.portal_sessions.order_by("-began_at")[:_SIGN_INS]
    notices = person.notices.order_by("-at")[:_NOTICES]
    return {
        "password": {
            "state": "initial" if found.is_initial else "changed",
            "changed": account.changed_at.isoformat() if account and account.changed_at else "",
            "due": found.due.isoformat() if found.due else "",
            "late": late,
            "off": bool(account and account.off),
        },
        "notices": [
            {
                "at": each.at.isoformat(),
                "version": each.version,
                "occasion": each.occasion,
                "accepted": each.accepted,
                "proof": each.proof,
            }
            for each in notices
        ],
        "sign_ins": [
            {
                "at": each.began_at.isoformat(),
                "proof": each.proof,
                "address": each.address or "",
                "agent": each.agent,
            }
            for each in sessions
        ],
        "reads": [
            {
                "at": each.at.isoformat(),
                "by": each.organization,
                "purpose": each.purpose,
                "roles": list(each.roles),
                "fields": list(each.fields),
                "for_holder": bool(each.agent),
            }
            for each in readers_of(person)[:_READS]
        ],
    }


def _opened(person: Person, told: str, by: Staff | None) -> LeakCase:
    told = told.strip()
    if not told:
        raise Refusal("access.leak-untold")
    now = clock.now()
    Organization.objects.select_for_update(no_key=True).get(pk=person.agency_id)
    begun = f"{person.agency.code}-{day_of(now).year}-X"
    last = LeakCase.objects.filter(number__startswith=begun).order_by("-number").first()
    number = int(last.number.removeprefix(begun)) + 1 if last else 1
    return LeakCase.objects.create(
        number=f"{begun}{number:05d}",
        agency=person.agency,
        region=person.agency.region,
        person=person,
        told=told[:_LONGEST],
        collected=collected(person),
        opened_by=by,
        opened_at=now,
    )
