"""Pre-made cards that lie at outlets, and when they were counted last."""

from dataclasses import dataclass

from django.db.models import Count

from shebaoka.office.cards.models import Card, Product, StockTake
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.models import Organization


@dataclass(frozen=True, slots=True)
class Lying:
    """Cards of a product at an outlet, and the last count there."""

    outlet: Organization
    product: Product
    count: int
    last: StockTake | None


def premade_lying(actor: Actor) -> list[Lying]:
    """The stock of her area, by outlet and product."""
    area = actor.organization.path
    cards = Card.objects.filter(batch__premade=True, person=None, plastic="outlet")
    cards = cards.filter(outlet__path__startswith=area)
    counted = cards.order_by().values_list("outlet", "product").annotate(count=Count("pk"))
    counts = {(outlet, product): count for outlet, product, count in counted}
    takes = StockTake.objects.filter(outlet__path__startswith=area).order_by("at")
    last = {(take.outlet_id, take.product_id): take for take in takes}
    keys = counts.keys() | last.keys()
    outlets = Organization.objects.in_bulk({outlet for outlet, _ in keys})
    products = Product.objects.in_bulk({product for _, product in keys})
    found = [Lying(outlets[key[0]], products[key[1]], counts.get(key, 0), last.get(key)) for key in keys]
    return sorted(found, key=lambda each: (each.outlet.path, each.product.code))
