"""Products that a body issues."""

import msgspec

from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.models import Product
from shebaoka.office.cards.services.common import organization_of
from shebaoka.office.organizations.acts import Act, service
from shebaoka.personalization.product import CardProduct


class OrderFields(msgspec.Struct, frozen=True):
    """What approval compares of a product (R-10), as the plan of the region writes it."""

    face: str
    layout: str
    structure: str
    chip: str
    cos: str
    supplier: str
    product: str


@service("cards.product.record")
def product_record(
    act: Act,
    *,
    organization: str,
    code: str,
    name: str,
    order: OrderFields,
    making: CardProduct,
    photo: bool = True,
) -> Product:
    """A product of the body with that code. Nothing is compared with the approval yet: every order is.
    Raises Refusal ``cards.product-known``, ``cards.product-unfit``."""
    body = organization_of(organization)
    act.on(body)
    if Product.objects.filter(organization=body, code=code).exists():
        raise Refusal("cards.product-known", product=code)
    if order.layout != making.layout or not name.strip():
        raise Refusal("cards.product-unfit")
    made = Product.objects.create(
        organization=body,
        code=code,
        name=name.strip()[:80],
        order=msgspec.to_builtins(order),
        making=msgspec.to_builtins(making),
        photo=photo,
    )
    act.about(made, code=code)
    return made


def making_of(product: Product) -> CardProduct:
    """How personalization makes it."""
    return msgspec.convert(product.making, CardProduct)
