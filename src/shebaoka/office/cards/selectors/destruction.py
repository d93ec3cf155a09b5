"""Plastic that is to be destroyed, and destructions that were done by two persons."""

from uuid import UUID

from django.db.models import Count, QuerySet

from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.models import Card, Movement, Stock
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.choices import Decision
from shebaoka.office.organizations.models import TwoPersonAct

TO_DESTROY = ("recovered", "spoiled")
DESTROYING = ("cards.card.destroy", "cards.stock.destroy")


def to_destroy(actor: Actor, organization: str = "") -> QuerySet[Card]:
    """Recovered and spoiled cards of the actor's bodies, or of one of them."""
    found = Card.objects.filter(
        organization__path__startswith=actor.organization.path, plastic__in=TO_DESTROY
    )
    if organization:
        found = found.filter(organization__code=organization)
    return found.select_related("organization", "product").order_by("organization", "number", "pk")


def counts_to_destroy(actor: Actor) -> list[tuple[str, str, int, int]]:
    """Code and name of each body with how many are recovered and how many spoiled."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    grouped = to_destroy(actor).order_by("organization__code")
    for each in grouped.values("organization__code", "organization__name", "plastic").annotate(
        count=Count("pk")
    ):
        body = found.setdefault((each["organization__code"], each["organization__name"]), {})
        body[each["plastic"]] = each["count"]
    return [
        (code, name, each.get("recovered", 0), each.get("spoiled", 0)) for (code, name), each in found.items()
    ]


def destructions(actor: Actor) -> QuerySet[TwoPersonAct]:
    """Destructions of cards and blanks in her area that two persons did, the last first."""
    found = TwoPersonAct.objects.filter(act__in=DESTROYING, decision=Decision.DONE)
    own = found.filter(organization__path__startswith=actor.organization.path)
    return own.select_related("organization", "maker", "checker", "second_checker").order_by("-decided_at")


def destruction(actor: Actor, pk: UUID) -> TwoPersonAct:
    """One of them. Raises Refusal ``base.not-found``."""
    found = destructions(actor).filter(pk=pk).first()
    if found is None:
        raise Refusal("base.not-found", what="destruction")
    return found


def destroyed_cards(of: TwoPersonAct) -> QuerySet[Card]:
    """Its cards, by number."""
    codes = [str(code).strip().upper() for code in of.payload.get("codes", ())]
    return Card.objects.filter(code__in=codes).select_related("product").order_by("number", "pk")


def movements(of: Stock) -> QuerySet[Movement]:
    """What happened to blanks, the last first."""
    return of.movements.select_related("by", "checked_by", "batch").order_by("-at", "-pk")
