"""Blanks: received, spoiled, destroyed, counted, by two persons (R-16; value stock)."""

import msgspec
from django.db.models import F

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.choices import Movement as Kind
from shebaoka.office.cards.models import Batch, Movement, Product, Stock
from shebaoka.office.cards.services.common import organization_of, product_of, words
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization, Staff
from shebaoka.office.organizations.two_persons import two_persons


class Blanks(msgspec.Struct, frozen=True):
    """Blanks of a product of a body, with the number of the delivery note or certificate."""

    organization: str
    product: str
    quantity: int
    document: str


@two_persons("cards.stock.receive", Blanks)
def stock_receive(act: Act, blanks: Blanks) -> Stock:
    """Blanks come in. Raises Refusal ``cards.quantity``, ``cards.no-product``."""
    return _moved(act, blanks, Kind.RECEIVED)


@two_persons("cards.stock.spoil", Blanks)
def stock_spoil(act: Act, blanks: Blanks) -> Stock:
    """Blanks that no card can be made of: punched and kept."""
    return _moved(act, blanks, Kind.SPOILED)


@two_persons("cards.stock.destroy", Blanks)
def stock_destroy(act: Act, blanks: Blanks) -> Stock:
    """Spoiled blanks are destroyed before two persons. Raises Refusal ``cards.too-few-spoiled``."""
    return _moved(act, blanks, Kind.DESTROYED)


@service("cards.stock.count")
def stock_count(act: Act, *, organization: str, product: str, counted: int) -> Stock:
    """The blanks were counted. Raises Refusal ``cards.count-differs`` with what should be there: then it is
    looked for, and written off as spoiled by two persons or reported."""
    body = organization_of(organization)
    act.on(body)
    found = stock_locked(body, product_of(body, product))
    if counted != found.stock:
        raise Refusal("cards.count-differs", counted=counted, stock=found.stock)
    found.counted_on = clock.today()
    found.save(update_fields=["counted_on"])
    act.about(found, counted=counted)
    return found


def blanks_move(
    act: Act,
    body: Organization,
    product: Product,
    kind: Kind,
    quantity: int,
    *,
    batch: Batch | None = None,
    document: str = "",
    by: Staff | None = None,
    checked_by: Staff | None = None,
) -> Stock | None:
    """A movement and the stock after it, within another act; nothing for no blanks. Raises Refusal
    ``cards.too-few-blanks``, ``cards.too-few-spoiled``."""
    if not quantity:
        return None
    found = stock_locked(body, product)
    if kind in (Kind.ISSUED, Kind.SPOILED) and found.stock < quantity:
        raise Refusal("cards.too-few-blanks", stock=found.stock, quantity=quantity)
    if kind == Kind.DESTROYED and found.spoiled - found.destroyed < quantity:
        raise Refusal("cards.too-few-spoiled", spoiled=found.spoiled - found.destroyed)
    Movement.objects.create(
        stock=found,
        kind=kind,
        quantity=quantity,
        batch=batch,
        document=document,
        at=act.time,
        by=by or act.actor.staff,
        checked_by=checked_by,
    )
    changed = {kind.value: F(kind.value) + quantity}
    if kind != Kind.DESTROYED:
        changed["stock"] = F("stock") + (quantity if kind == Kind.RECEIVED else -quantity)
    Stock.objects.filter(pk=found.pk).update(**changed)
    found.refresh_from_db()
    return found


def stock_locked(body: Organization, product: Product) -> Stock:
    """The stock of a product at a body, locked; begun when there is none."""
    Stock.objects.get_or_create(holder=body, product=product)
    return Stock.objects.select_for_update(of=("self",), no_key=True).get(holder=body, product=product)


def _moved(act: Act, blanks: Blanks, kind: Kind) -> Stock:
    body = organization_of(blanks.organization)
    act.on(body)
    if not 0 < blanks.quantity <= 10_000_000:
        raise Refusal("cards.quantity")
    document = words(blanks.document, 80)
    maker = Staff.objects.get(number=act.persons["maker"])
    found = blanks_move(
        act,
        body,
        product_of(body, blanks.product),
        kind,
        blanks.quantity,
        document=document,
        by=maker,
        checked_by=act.actor.staff,
    )
    if found is None:
        raise Refusal("cards.quantity")
    act.about(found, kind=kind.value, quantity=blanks.quantity, document=document)
    return found
