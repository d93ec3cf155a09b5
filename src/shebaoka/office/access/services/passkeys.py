"""Passkeys of holders: added with a second proof, named, removed. Each serves alone: it names its owner by
itself, and its device looks who holds it."""

from uuid import UUID

from shebaoka.office.access.choices import PasskeyUse, Proof
from shebaoka.office.access.models import Passkey, PortalSession
from shebaoka.office.access.services.common import noted
from shebaoka.office.access.services.messages import tell, warn
from shebaoka.office.access.services.passkey_proofs import challenge_new, challenge_taken
from shebaoka.office.access.services.stepping_up import is_stepped_up
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.passkeys import LABEL, Owner, Site, made_by, options_to_make
from shebaoka.office.base.records import writing
from shebaoka.office.people.models import Person

ADD, NAME, CLOSE = "access.passkey.add", "access.passkey.name", "access.passkey.close"
MOST = 10
"""Passkeys of one holder."""
_KEPT = 4


def passkey_offer(session: PortalSession, *, site: Site) -> tuple[UUID, str]:
    """The id of a challenge, and the options, JSON, for the browser to make a passkey. Raises Refusal
    ``second-proof`` for a session that was not stepped up, ``passkeys-many``."""
    person = _stepped_up(session)
    there = [bytes(each.credential) for each in Passkey.objects.filter(person=person, closed_at=None)]
    if len(there) >= MOST:
        raise Refusal("access.passkeys-many", most=MOST)
    made = challenge_new(person, PasskeyUse.ADDING)
    owner = Owner(person.pk, f"…{person.number[-_KEPT:]}", person.name)
    return made.pk, options_to_make(site, owner, bytes(made.value), there, alone=True)


def passkey_add(session: PortalSession, challenge: UUID, *, site: Site, answer: str, label: str) -> Passkey:
    """The passkey that a browser made; she is told of it. Raises Refusal ``second-proof``,
    ``passkey-unfit``."""
    person = _stepped_up(session)
    with writing(ADD):
        value = challenge_taken(challenge, PasskeyUse.ADDING, person)
    made = made_by(site, answer, value, alone=True) if value else None
    if made is None or Passkey.objects.filter(credential=made.credential).exists():
        raise Refusal("access.passkey-unfit")
    with writing(ADD):
        passkey = Passkey.objects.create(
            person=person,
            label=_label(label),
            credential=made.credential,
            public_key=made.public_key,
            count=made.count,
            added_with=session.proof or Proof.PHONE,
            added_at=clock.now(),
        )
        noted(ADD, person, passkey, proof=passkey.added_with)
        warn(person, "passkey-added", name=passkey.label)
    return passkey


def passkey_name(session: PortalSession, id: UUID, *, label: str) -> Passkey:
    """Another name for one of her passkeys. Raises Refusal ``base.not-found``."""
    with writing(NAME):
        passkey = _hers(session.person, id)
        passkey.label = _label(label)
        passkey.save(update_fields=["label"])
        noted(NAME, session.person, passkey)
    return passkey


def passkey_close(session: PortalSession, id: UUID) -> Passkey:
    """One of her passkeys serves no more. No second proof: who lost a device is not kept from it. Raises
    Refusal ``base.not-found``."""
    with writing(CLOSE):
        passkey = _hers(session.person, id)
        passkey.closed_at = clock.now()
        passkey.save(update_fields=["closed_at"])
        noted(CLOSE, session.person, passkey)
        tell(session.person, "passkey-removed", name=passkey.label)
    return passkey


def _hers(person: Person, id: UUID) -> Passkey:
    found = Passkey.objects.select_for_update().filter(person=person, pk=id, closed_at=None).first()
    if found is None:
        raise Refusal("base.not-found", what="passkey")
    return found


def _stepped_up(session: PortalSession) -> Person:
    if not is_stepped_up(session):
        raise Refusal("access.second-proof")
    return session.person


def _label(label: str) -> str:
    return " ".join(label.split())[:LABEL] or "Passkey"
