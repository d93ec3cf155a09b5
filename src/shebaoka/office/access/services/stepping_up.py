"""A second proof within a session: digits alone open the summary, this opens details and acts for a while."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from shebaoka.office.access.choices import IDENTIFYING, STRONG, Proof
from shebaoka.office.access.models import PortalSession, SignInBegun
from shebaoka.office.access.services.common import noted, on_portal
from shebaoka.office.access.services.proving import proof_give
from shebaoka.office.access.services.sessions import Opened, session_renew
from shebaoka.office.access.services.sign_in import MINUTES
from shebaoka.office.base import clock
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.reading import read_noted
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
        return stepped_up(session, proof)


def stepped_up(session: PortalSession, proof: Proof) -> Opened:
    """As :func:`step_up`, once the proof is right, within the act that is going on. A weaker proof takes
    nothing away from a session that card or counter opened."""
    session.strong_until = clock.now() + FOR
    if proof in STRONG and session.proof not in IDENTIFYING:
        session.proof = proof
    session.save(update_fields=["strong_until", "proof"])
    noted(STEP_UP, session.person, session, proof=proof.value)
    return session_renew(session)


def is_stepped_up(session: PortalSession) -> bool:
    """Whether more than digits opened this session, now."""
    lasts = session.strong_until is not None and session.strong_until > clock.now()
    return lasts or session.proof in STRONG


def is_masked(session: PortalSession) -> bool:
    """Whether details stay masked in this session: after a first sign-in by telephone or letter, unless card
    and PIN or the counter opened it since."""
    first_day = session.masked_until is not None and session.masked_until > clock.now()
    return first_day and session.proof not in IDENTIFYING


def own_read(session: PortalSession, what: str, fields: Sequence[str]) -> None:
    """The record of what a holder looked at herself (PW-08), or of the reading of who acts for her."""
    if session.represented is not None:
        seen(session, fields)
        return
    with writing(READ):
        noted(READ, session.person, session.person, what=what)


def seen(session: PortalSession, fields: Sequence[str]) -> None:
    """The record that who acts for a holder read these fields of her; nothing for her own reading."""
    if session.represented is not None:
        read_noted(
            on_portal(session),
            organization=session.whom.agency,
            subject=session.whom,
            purpose="access.represent",
            fields=fields,
        )


READ = "access.records.read"
