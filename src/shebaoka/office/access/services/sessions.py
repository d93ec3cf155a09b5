"""Sessions of holders: a random cookie whose digest is kept, an end on idleness and an end in any case."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256

from shebaoka.office.access.choices import Proof
from shebaoka.office.access.models import Account, PortalSession
from shebaoka.office.access.services.common import noted
from shebaoka.office.access.services.messages import tell
from shebaoka.office.access.tallies import ACT
from shebaoka.office.base import clock
from shebaoka.office.base.records import writing
from shebaoka.office.parameters.selectors import number as parameter
from shebaoka.office.people.models import Person

_SEEN_EVERY = timedelta(seconds=30)
OUT = "access.sign-out"


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that has just begun. ``token``: the cookie's value, 256 bits, given once."""

    session: PortalSession
    token: str = field(repr=False)


def session_open(
    person: Person, proof: Proof | str, *, address: str, agent: str, masked: timedelta | None = None
) -> Opened:
    """A session of hers. ``masked``: how long details stay masked in it."""
    token, now = secrets.token_urlsafe(32), clock.now()
    longest = timedelta(minutes=parameter(person.agency, "enquiry.session-minutes"))
    with writing(ACT):
        known = PortalSession.objects.filter(person=person, agent=agent[:200]).exists()
        made = PortalSession.objects.create(
            person=person,
            digest=_digest(token),
            proof=proof,
            began_at=now,
            seen_at=now,
            ends_at=now + longest,
            idle_minutes=parameter(person.agency, "enquiry.idle-minutes"),
            masked_until=now + masked if masked else None,
            address=address or None,
            agent=agent[:200],
        )
        if not known:
            tell(person, "sign-in")
        noted(ACT, person, made, proof=str(proof))  # last: the chain of her agency is held from here on
    return Opened(made, token)


def session_of(token: str, *, seen: bool = True) -> PortalSession | None:
    """The open session of a cookie, None without one; it counts as ``seen`` now."""
    now = clock.now()
    found = (
        PortalSession.objects.select_related("person__agency", "person__account")
        .filter(digest=_digest(token), ended_at=None, ends_at__gt=now)
        .filter(person__merged_into=None, person__died_on=None)
        .first()
    )
    if found is None or found.idles_until <= now:
        return None
    if seen and now - found.seen_at > _SEEN_EVERY:
        with writing(ACT):
            PortalSession.objects.filter(pk=found.pk).update(seen_at=now)
        found.seen_at = now
    return found


def masked_still(account: Account | None) -> timedelta | None:
    """How long details stay masked from now on, in whichever session, since she chose her password with a
    proof that anybody with her telephone or letter could give; None for not at all."""
    until = account.masked_until if account is not None else None
    left = until - clock.now() if until is not None else timedelta()
    return left if left > timedelta() else None


def session_renew(session: PortalSession) -> Opened:
    """The same session under another cookie, within the act that is going on; the one before serves no
    more."""
    token = secrets.token_urlsafe(32)
    session.digest = _digest(token)
    session.save(update_fields=["digest"])
    return Opened(session, token)


def session_end(session: PortalSession) -> None:
    """Signs out."""
    with writing(OUT):
        if PortalSession.objects.filter(pk=session.pk, ended_at=None).update(ended_at=clock.now()):
            noted(OUT, session.person, session)


def session_end_all(person: Person, besides: PortalSession | None = None) -> int:
    """Signs out everywhere, or everywhere else; how many sessions ended."""
    with writing(OUT):
        open_ones = PortalSession.objects.filter(person=person, ended_at=None)
        if besides is not None:
            open_ones = open_ones.exclude(pk=besides.pk)
        ended = open_ones.update(ended_at=clock.now())
        if ended:
            noted(f"{OUT}.everywhere", person, besides or person, sessions=ended)
    return ended


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
