"""Issuing one card in one sitting (即时制卡): approved, prepared, made in a reader, read back, recorded.

It is a batch of one, so that numbers, order and blanks are taken as for any other; the chip is a blank one in
a reader, or a simulated one when there is no reader."""

from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.models import Application, Batch, Card
from shebaoka.office.cards.production import run
from shebaoka.office.cards.production.keys import vault_of
from shebaoka.office.cards.services.instant import instant_begin, instant_start
from shebaoka.office.cards.services.products import making_of
from shebaoka.office.organizations.actor import Actor
from shebaoka.personalization.prepare import PreparedCard
from shebaoka.personalization.supply import ReaderSupply, transport_cipher
from shebaoka.reader.base import Reader


def issue_instantly(actor: Actor, application: Application, reader: Reader | None = None) -> Card:
    """The card, made and ready to be handed out. Asked again after it broke off, it goes on where it was; a
    blank that cannot be made is counted as spoiled, and the application waits to be taken up again.

    Every part is a transaction of its own: a chip that was made stays in the books whatever happens then.

    Raises Refusal ``cards.not-instant``, ``cards.making-failed``, ``cards.busy``, ``cards.too-few-blanks``,
    and those of approving a batch (R-10)."""
    batch = instant_begin(actor, application=application.pk)
    try:
        return _issued(actor, batch, reader)
    except run.Busy as busy:
        raise Refusal("cards.busy", number=batch.number) from busy


def _issued(actor: Actor, batch: Batch, reader: Reader | None) -> Card:
    run.prepare(batch.pk)
    batch.refresh_from_db()
    if batch.prepared_at is None:
        raise Refusal("cards.making-failed", why=batch.trouble)
    if batch.status == "approved":
        instant_start(actor, batch=batch.pk)
    run.make(batch.pk, _supply(batch, reader) if reader is not None else None)
    return _made(batch)


def _supply(batch: Batch, reader: Reader) -> ReaderSupply:
    suite = making_of(batch.product).suite
    return ReaderSupply(reader, transport_cipher(vault_of(batch.organization), suite), _there, _gone)


def _there(card: PreparedCard) -> None:
    """The clerk put the blank into the reader before she began."""


def _gone() -> None:
    """She takes the card out when the page says that it is made."""


def _made(batch: Batch) -> Card:
    batch.refresh_from_db()
    card = batch.cards.select_related("organization", "person", "product", "batch").first()
    if card is None or card.plastic != "made":
        last = card.events.order_by("-step").first() if card is not None else None
        raise Refusal("cards.making-failed", why=(last.why if last is not None else "") or batch.trouble)
    return card
