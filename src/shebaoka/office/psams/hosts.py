"""The readers for hosts (R-59), and of hosts."""

from uuid import UUID

from django.db.models import QuerySet

from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.psams.choices import BLOCKED
from shebaoka.office.psams.models import BlockList, Host, Psam
from shebaoka.office.psams.tokens import digest_of


def hosts(actor: Actor) -> QuerySet[Host]:
    """Hosts of her area."""
    within = Host.objects.filter(organization__path__startswith=actor.organization.path)
    return within.select_related("organization").order_by("organization__path", "name")


def host(actor: Actor, id: UUID) -> Host:
    """One of them. Raises Refusal ``base.not-found``."""
    found = hosts(actor).filter(pk=id).first()
    if found is None:
        raise Refusal("base.not-found", what="host")
    return found


def host_with(token: str) -> Host | None:
    """The host whose token this is, while it and its body are there."""
    if not token:
        return None
    found = Host.objects.select_related("organization").filter(token=digest_of(token), ended_at=None)
    return found.filter(organization__closed_on=None).first()


def latest_list(code: str) -> BlockList | None:
    """The latest block list of a body, for hosts of whatever region: cards are read everywhere (R-21)."""
    found = BlockList.objects.filter(organization__code=code).select_related("organization")
    return found.order_by("-version").first()


def blocked(terminal: str) -> bool:
    """Whether a host refuses this terminal number: no secret, asked without an actor (R-59)."""
    return not Psam.objects.filter(terminal=terminal).exclude(status__in=BLOCKED).exists()
