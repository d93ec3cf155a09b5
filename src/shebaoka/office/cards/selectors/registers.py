"""Registers of cards, applications, batches, stock and lists; one card with all that is known of it."""

from uuid import UUID

from django.db.models import Count, QuerySet

from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.models import (
    Application,
    ApplicationList,
    Batch,
    Card,
    Event,
    Product,
    Site,
    Stock,
    Update,
)
from shebaoka.office.cards.services.common import within
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.people.models import Person


def cards(actor: Actor, *, social: str = "", number: str = "") -> QuerySet[Card]:
    """Cards of her area, the newest first. ``number``: card number, printed or stored, or identification
    code, exactly."""
    found = Card.objects.filter(within(actor.organization.path))
    if social:
        found = found.filter(social=social)
    if number:
        text = number.strip().upper().replace("-", "")
        found = found.filter(code=text) if len(text) == 32 else found.filter(number=text)
    return found.select_related("organization", "person", "outlet").order_by("-pk")


def card(actor: Actor, pk: UUID) -> Card:
    """One of them. Raises Refusal ``base.not-found``."""
    found = cards(actor).select_related("product", "batch", "application", "bank_body").filter(pk=pk).first()
    if found is None:
        raise Refusal("base.not-found", what="card")
    return found


def cards_of(actor: Actor, person: Person) -> QuerySet[Card]:
    """All cards a person had or has, the newest first."""
    return cards(actor).filter(person=person)


def history(of: Card) -> QuerySet[Event]:
    """Every step of its life, the last first."""
    return of.events.select_related("by", "body").order_by("-step")


def updates(of: Card) -> QuerySet[Update]:
    """What waits, or waited, for its chip, the last first."""
    return of.updates.order_by("-queued_at", "-pk")


def applications(actor: Actor, *, status: str = "") -> QuerySet[Application]:
    """Applications of her area, the newest first."""
    path = actor.organization.path
    found = Application.objects.filter(organization__path__startswith=path) | Application.objects.filter(
        agency__path__startswith=path
    )
    if status:
        found = found.filter(status=status)
    return found.select_related("person", "product", "outlet", "bank", "organization").order_by(
        "-at", "-number"
    )


def application(actor: Actor, number: str) -> Application:
    """One of them. Raises Refusal ``base.not-found``."""
    found = applications(actor).filter(number=number).first()
    if found is None:
        raise Refusal("base.not-found", what=number)
    return found


def batches(actor: Actor) -> QuerySet[Batch]:
    """Batches of her area, the newest first."""
    found = Batch.objects.filter(organization__path__startswith=actor.organization.path)
    return found.select_related("organization", "product", "outlet", "bank").order_by("-formed_at", "-number")


def batch(actor: Actor, number: str) -> Batch:
    """One of them. Raises Refusal ``base.not-found``."""
    found = batches(actor).filter(number=number).first()
    if found is None:
        raise Refusal("base.not-found", what=number)
    return found


def progress(of: Batch) -> dict[str, int]:
    """Its cards by state of the plastic."""
    counted = of.cards.values("plastic").annotate(count=Count("pk"))
    return {each["plastic"]: each["count"] for each in counted}


def stocks(actor: Actor) -> QuerySet[Stock]:
    """Blanks in her area."""
    found = Stock.objects.filter(holder__path__startswith=actor.organization.path)
    return found.select_related("holder", "product").order_by("holder__path", "product__code")


def products(actor: Actor) -> QuerySet[Product]:
    """Products of the bodies of her area, and of the body above a counter."""
    codes = actor.organization.path.rstrip("/").split("/")
    found = Product.objects.filter(organization__path__startswith=actor.organization.path)
    found = found | Product.objects.filter(organization__code__in=codes)
    return found.filter(closed_on=None).select_related("organization").order_by("code")


def sites(actor: Actor) -> QuerySet[Site]:
    """Production sites of the bodies of her area and of those above, open ones first."""
    codes = actor.organization.path.rstrip("/").split("/")
    found = Site.objects.filter(organization__path__startswith=actor.organization.path)
    found = found | Site.objects.filter(organization__code__in=codes)
    return found.select_related("organization").order_by("-closed_at", "number", "-registered_at")


def card_lists(actor: Actor) -> QuerySet[ApplicationList]:
    """Lists taken in her area, the newest first."""
    path = actor.organization.path
    return ApplicationList.objects.filter(agency__path__startswith=path).order_by("-at")


def states(actor: Actor) -> dict[str, int]:
    """Cards of her area by state of the social security application."""
    found = Card.objects.filter(organization__path__startswith=actor.organization.path)
    counted = found.order_by().values("social").annotate(count=Count("pk"))
    return {each["social"]: each["count"] for each in counted}
