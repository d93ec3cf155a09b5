"""What a holder's passkey proves: it signs in, steps up, and lets begin again who forgot her password. No
number is typed with it and no wait touches it, so nobody learns from it which numbers exist."""

from datetime import timedelta
from uuid import UUID

from shebaoka.domain.guessing import Ladder
from shebaoka.office.access.choices import PasskeyUse, Proof
from shebaoka.office.access.models import (
    Account,
    Passkey,
    PasskeyChallenge,
    PortalSession,
    SignInBegun,
)
from shebaoka.office.access.services.common import noted
from shebaoka.office.access.services.proving import awaited
from shebaoka.office.access.services.sessions import Opened, masked_still, session_open
from shebaoka.office.access.services.stepping_up import stepped_up
from shebaoka.office.access.tallies import ACT, forgive, of_person
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.passkeys import (
    MINUTES,
    Made,
    Site,
    named_in,
    new_challenge,
    options_to_prove,
    proved_by,
)
from shebaoka.office.base.records import writing
from shebaoka.office.parameters.region_rules import region_rules
from shebaoka.office.people.models import Person


def passkey_challenge(*, site: Site, session: PortalSession | None = None) -> tuple[UUID, str]:
    """The id of a challenge, and the options, JSON, for the browser to prove a passkey: to step up the
    ``session``, without one to sign in."""
    if session is None:
        made = challenge_new(None, PasskeyUse.SIGN_IN)
        return made.pk, options_to_prove(site, bytes(made.value), alone=True)
    made = challenge_new(session.person, PasskeyUse.STEP_UP)
    there = [bytes(each.credential) for each in Passkey.objects.filter(person=session.person, closed_at=None)]
    return made.pk, options_to_prove(site, bytes(made.value), there, alone=True)


def passkey_sign_in(
    challenge: UUID, *, site: Site, answer: str, address: str = "", agent: str = ""
) -> Opened:
    """A session, by a passkey alone; digits that were switched off serve again. Raises Refusal
    ``passkey-unfit``."""
    with writing(ACT):
        value = challenge_taken(challenge, PasskeyUse.SIGN_IN, None)
    with writing(ACT):
        person = _proven(site, answer, value)
        account = Account.objects.select_for_update().filter(person=person).first()
        if account is None or not account.hash:
            raise Refusal("access.passkey-unfit")
        if account.off:
            account.off = False
            account.save(update_fields=["off"])
            noted(f"{ACT}.switched-on", person, account, proof=Proof.PASSKEY.value)
        opened = session_open(
            person, Proof.PASSKEY, address=address, agent=agent, masked=masked_still(account)
        )
    forgive([of_person(person.number, Ladder.of(region_rules(person.agency)))])
    return opened


def passkey_step_up(session: PortalSession, challenge: UUID, *, site: Site, answer: str) -> Opened:
    """The session, stepped up by one of her passkeys, under another cookie. Raises Refusal
    ``passkey-unfit``."""
    with writing(ACT):
        value = challenge_taken(challenge, PasskeyUse.STEP_UP, session.person)
    with writing(ACT):
        if _proven(site, answer, value) != session.person:
            raise Refusal("access.passkey-unfit")
        return stepped_up(session, Proof.PASSKEY)


def passkey_prove(id: UUID, challenge: UUID, *, site: Site, answer: str) -> SignInBegun:
    """The sign-in of who begins again, proven by a passkey: a new password is awaited. Raises Refusal
    ``passkey-unfit``, ``over``."""
    with writing(ACT):
        value = challenge_taken(challenge, PasskeyUse.SIGN_IN, None)
    with writing(ACT):
        begun = awaited(id, lock=True)
        if _proven(site, answer, value) != begun.person:
            raise Refusal("access.passkey-unfit")
        begun.proven_by = Proof.PASSKEY
        begun.save(update_fields=["proven_by"])
    return begun


def _proven(site: Site, answer: str, challenge: bytes) -> Person:
    """Whose passkey the answer proves. Raises Refusal ``passkey-unfit``."""
    found = (
        Passkey.objects.select_for_update(of=("self",))
        .select_related("person__agency")
        .filter(credential=named_in(answer), closed_at=None)
        .filter(person__merged_into=None, person__died_on=None)
        .first()
    )
    count = None
    if found is not None and challenge:
        kept = Made(bytes(found.credential), bytes(found.public_key), found.count)
        count = proved_by(site, answer, challenge, kept, alone=True)
    if found is None or count is None:
        raise Refusal("access.passkey-unfit")
    found.count, found.used_at = count, clock.now()
    found.save(update_fields=["count", "used_at"])
    return found.person


def challenge_new(person: Person | None, use: PasskeyUse) -> PasskeyChallenge:
    """A challenge of one use."""
    with writing(ACT):
        return PasskeyChallenge.objects.create(
            person=person,
            use=use,
            value=new_challenge(),
            ends_at=clock.now() + timedelta(minutes=MINUTES),
        )


def challenge_taken(id: UUID, use: PasskeyUse, person: Person | None) -> bytes:
    """The challenge, which serves no more from now on; empty for none."""
    now = clock.now()
    found = PasskeyChallenge.objects.select_for_update().filter(
        pk=id, use=use, person=person, used_at=None, ends_at__gt=now
    )
    challenge = found.first()
    if challenge is None:
        return b""
    challenge.used_at = now
    challenge.save(update_fields=["used_at"])
    return bytes(challenge.value)
