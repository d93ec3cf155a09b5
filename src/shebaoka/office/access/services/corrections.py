"""Requests for correction: a holder asks on the portal, her agency answers; the register changes only by its
own acts."""

from uuid import UUID

from shebaoka.office.access.choices import RequestState
from shebaoka.office.access.models import CorrectionRequest, PortalSession
from shebaoka.office.access.services.common import noted
from shebaoka.office.access.services.messages import tell
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.people.models import Person

ASK = "access.correction.ask"
_MOST = 10


def correction_ask(session: PortalSession, *, wrong: str, right: str) -> CorrectionRequest:
    """Raises Refusal ``request-empty``, ``request-many`` while ten of hers are open."""
    wrong, right = wrong.strip(), right.strip()
    if not wrong or not right:
        raise Refusal("access.request-empty")
    person = session.whom
    with writing(ASK):
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        if CorrectionRequest.objects.filter(person=person, state=RequestState.OPEN).count() >= _MOST:
            raise Refusal("access.request-many", most=_MOST)
        made = CorrectionRequest.objects.create(
            agency=person.agency,
            region=person.agency.region,
            person=person,
            wrong=wrong[:200],
            right=right[:400],
            asked_at=clock.now(),
        )
        noted(ASK, person, made, agent=session.person)
    return made


@service("access.correction.answer")
def correction_answer(act: Act, *, request: UUID, done: bool, answer: str) -> CorrectionRequest:
    """What the agency did, or why not. Raises Refusal ``base.not-found``, ``request-answered``,
    ``request-empty``."""
    found = (
        CorrectionRequest.objects.select_for_update(of=("self",))
        .select_related("agency")
        .filter(pk=request)
        .first()
    )
    if found is None or not act.actor.organization.contains(found.agency):
        raise Refusal("base.not-found", what="request")
    act.on(found.agency)
    if found.state != RequestState.OPEN:
        raise Refusal("access.request-answered")
    if not answer.strip():
        raise Refusal("access.request-empty")
    found.state = RequestState.DONE if done else RequestState.REFUSED
    found.answer, found.answered_by, found.answered_at = answer.strip()[:400], act.actor.staff, act.time
    found.save()
    act.about(found, state=found.state)
    tell(found.person, "correction-done" if done else "correction-refused", wrong=found.wrong)
    return found
