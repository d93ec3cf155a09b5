"""The office's side of issuing a card at the counter."""

from uuid import UUID

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.choices import Making
from shebaoka.office.cards.models import Batch, Stock
from shebaoka.office.cards.services.applications import application_locked
from shebaoka.office.cards.services.batches import batch_create, order_of, reserve
from shebaoka.office.cards.services.common import batch_moves
from shebaoka.office.organizations.acts import Act, service
from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.stripe import check_pan

SITE = "00"
"""Code of the counter as a production site."""


@service("cards.instant.begin")
def instant_begin(act: Act, *, application: UUID) -> Batch:
    """A batch of the one application, approved at once: the order is checked and taken from the region's
    quantity like any other (R-10). Again: the batch that was begun. Raises Refusal ``cards.not-instant``,
    ``cards.bank-first``, ``cards.too-few-blanks``."""
    found = application_locked(act, application)
    if found.making != Making.INSTANT:
        raise Refusal("cards.not-instant", number=found.number)
    begun = (
        Batch.objects.filter(places__application=found, places__ended=False).select_related("product").first()
    )
    if begun is not None:
        act.about(begun, number=begun.number, again=True)
        return begun
    if found.status != "accepted":
        raise Refusal("cards.not-instant", number=found.number)
    if found.bank_id is not None and not found.bank_card:
        raise Refusal("cards.bank-first", number=found.number)
    blanks = Stock.objects.filter(holder=found.organization, product=found.product).first()
    if blanks is None or not blanks.stock:
        raise Refusal("cards.too-few-blanks", stock=0, quantity=1)
    batch = batch_create(
        act, found.organization, found.product, found.outlet, found.bank, SITE, [found.pk], instant=True
    )
    order = order_of(batch)
    reserve(batch, order)
    if batch.bank_id is not None:
        batch_moves(batch, "export-bank")
        batch_moves(batch, "import-bank")
    batch_moves(
        batch,
        "approve",
        approved_by=act.actor.staff,
        approved_at=act.time,
        order=order.digest,
        issued_on=clock.today(),
    )
    act.about(batch, number=batch.number, application=found.number)
    return batch


@service("cards.instant.start")
def instant_start(act: Act, *, batch: UUID) -> Batch:
    """Its card is made now, by who stands at the counter."""
    found = (
        Batch.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organization", "outlet")
        .get(pk=batch)
    )
    own = act.actor.organization
    if not found.instant or not (own.contains(found.outlet) or own.contains(found.organization)):
        raise Refusal("base.not-found", what="batch")
    act.on(found.outlet if own.contains(found.outlet) else found.organization)
    batch_moves(found, "start", trouble="")
    act.about(found, number=found.number)
    return found


@service("cards.instant.bank-card")
def instant_bank_card(act: Act, *, application: UUID, bank_card: str) -> None:
    """The number of the account the bank opened while the holder waits. Raises Refusal
    ``cards.return-unfit``."""
    found = application_locked(act, application)
    if found.making != Making.INSTANT or found.status != "accepted":
        raise Refusal("cards.not-instant", number=found.number)
    try:
        check_pan(bank_card)
    except PersonalizationError as error:
        raise Refusal("cards.return-unfit", why=str(error)) from error
    found.bank_card = bank_card
    found.save(update_fields=["bank_card"])
    act.about(found, number=found.number)
