"""The readers of tokens."""

from uuid import UUID

from django.db.models import QuerySet

from shebaoka.office.base.errors import Refusal
from shebaoka.office.interfaces.models import Token
from shebaoka.office.organizations.actor import Actor


def tokens(actor: Actor) -> QuerySet[Token]:
    """Tokens of her area, those in use first."""
    found = Token.objects.filter(organization__path__startswith=actor.organization.path)
    return found.select_related("organization", "allowance").order_by(
        "-withdrawn_at", "organization__path", "name"
    )


def token(actor: Actor, id: UUID) -> Token:
    """One of them. Raises Refusal ``base.not-found``."""
    found = tokens(actor).filter(pk=id).first()
    if found is None:
        raise Refusal("base.not-found", what="token")
    return found
