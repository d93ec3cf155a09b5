"""A token, and who asks with it."""

import secrets
from hashlib import sha256

from shebaoka.office.base import clock
from shebaoka.office.interfaces.models import Token
from shebaoka.office.interfaces.scopes import acts_of
from shebaoka.office.organizations.actor import Actor, Machine
from shebaoka.office.organizations.choices import Channel

_MARK = "sbk_"  # so that a scan for secrets knows one
LONGEST = 200  # characters of a header that are looked at


def new_token() -> str:
    """A token: 256 random bits."""
    return _MARK + secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """What is kept of it: SHA-256, 64 hex digits; of 256 random bits the digest says nothing."""
    return sha256(token.encode()).hexdigest()


def token_with(given: str) -> Token | None:
    """The token, while it counts and its organization is there."""
    if not given.startswith(_MARK) or len(given) > LONGEST:
        return None
    found = Token.objects.select_related("organization").filter(token=digest_of(given))
    return found.filter(until__gte=clock.today(), organization__closed_on=None).first()


def actor_with(token: Token) -> Actor:
    """Who acts when it asks: its organization, with the acts of its scopes and no others."""
    machine = Machine(f"token:{token.pk}", acts_of(token.scopes))
    return Actor(token.organization, Channel.API, machine=machine)
