"""A second proof within a session: digits alone open the summary, this opens details and acts for a while."""

from datetime import timedelta
from uuid import UUID

from shebaoka.office.access.choices import STRONG, Proof
from shebaoka.office.access.models import PortalSession, SignInBegun
from shebaoka.office.access.services.common import noted
from shebaoka.office.access.services.proving import proof_give
from shebaoka.office.access.services.sessions import Opened, session_renew
from shebaoka.office.access.services.sign_in import MINUTES
from shebaoka.office.base import clock
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.sealing import digest

STEP_UP = "access.step-up"
FOR = timedelta(minutes=10)
"""How long a step-up lasts."""


def step_up_begin(session: PortalSession) -> SignInBegun:
    """A proof is awaited for the holder who is signed in; codes are sent and counted as at a sign-in."""
    now = clock.now()
    with writing(STEP_UP):
        return SignInBegun.objects.create(
            number_digest=digest(session.person.number, "step-up"),
            person=session.person,
            address=session.address,
            began_at=now,
            ends_at=now + timedelta(minutes=MINUTES),
        )


def step_up(session: PortalSession, id: UUID, *, proof: Proof, answer: str) -> Opened:
    """The session is stepped up for :data:`FOR`; by card and PIN or the counter's code until it ends. It goes
    on under another cookie. Raises Refusal ``proof-wrong``, ``over``, ``wait``."""
    begun = proof_give(id, proof=proof, answer=answer)
    with writing(STEP_UP):
        begun.finished_at = clock.now()
        begun.save(update_fields=["finished_at"])
        session.strong_until = clock.now() + FOR
        if proof in STRONG:
            session.proof = proof
        session.save(update_fields=["strong_until", "proof"])
        noted(STEP_UP, session.person, session, proof=proof.value)
        return session_renew(session)


def is_stepped_up(session: PortalSession) -> bool:
    """Whether more than digits opened this session, now."""
    lasts = session.strong_until is not None and session.strong_until > clock.now()
    return lasts or session.proof in STRONG


def own_read(session: PortalSession, what: str) -> None:
    """The record of what a holder looked at herself (PW-08)."""
    with writing(READ):
        noted(READ, session.person, session.person, what=what)


READ = "access.records.read"
