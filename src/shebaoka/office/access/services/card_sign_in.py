"""Signing in with card and PIN alone: the card says whose it is, its keys and its PIN prove it."""

from datetime import timedelta
from uuid import UUID

from shebaoka.office.access.card_proof import WRONG, card_that_answered, refused
from shebaoka.office.access.choices import Proof, State
from shebaoka.office.access.models import Account, SignInBegun
from shebaoka.office.access.services.proving import awaited
from shebaoka.office.access.services.sessions import Opened, session_open
from shebaoka.office.access.services.sign_in import MINUTES
from shebaoka.office.access.standing import standing
from shebaoka.office.access.tallies import ACT
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.sealing import digest
from shebaoka.office.people.models import Person


def card_sign_in_begin(*, address: str = "") -> SignInBegun:
    """A sign-in of whoever answers with a card."""
    now = clock.now()
    with writing(ACT):
        return SignInBegun.objects.create(
            number_digest=digest("", "begun"),
            address=address or None,
            strong_only=True,
            began_at=now,
            ends_at=now + timedelta(minutes=MINUTES),
        )


def card_sign_in(id: UUID, *, answer: str, address: str = "", agent: str = "") -> Opened | SignInBegun:
    """Her session; the sign-in to go on with when she has yet to choose a password, or hers is switched off.
    No wait touches it. Raises Refusal ``proof-wrong``, ``card-refused``, ``card-without-pin``, ``over``."""
    with writing(ACT):
        begun = awaited(id, lock=True)
        asked, begun.challenge = bytes(begun.challenge), b""
        card = card_that_answered(asked, answer) if begun.person is None else None
        person = card.person if card is not None else None
        refusal = refused(card) if card is not None and _signs_in(person) else WRONG
        if not refusal:
            begun.person, begun.proven_by = person, Proof.CARD
        chosen = Account.objects.filter(person=person, state=State.CHANGED, off=False).exists()
        if not refusal and chosen:
            begun.finished_at = clock.now()
        begun.save(update_fields=["challenge", "person", "proven_by", "finished_at"])
    if refusal or person is None:
        raise Refusal(refusal or WRONG)
    return session_open(person, Proof.CARD, address=address, agent=agent) if chosen else begun


def _signs_in(person: Person | None) -> bool:
    return person is not None and standing(person.number).person == person
