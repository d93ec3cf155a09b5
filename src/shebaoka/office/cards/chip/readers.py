"""Where a counter's reader is: parts that serve readers say so; in tests and demonstrations a simulated card
is its own image."""

from collections.abc import Callable

from django.conf import settings

from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.models import Card
from shebaoka.office.cards.production.listing import directory_of
from shebaoka.office.organizations.actor import Actor
from shebaoka.personalization.state import CARDS
from shebaoka.reader.base import Reader
from shebaoka.reader.images import open_chip
from shebaoka.reader.in_process import InProcessReader

SLOTS: list[Callable[[Actor], Reader | None]] = []
"""The reader at the actor's counter with a card in it, None when she has none. Parts add theirs when the
office starts."""


def reader_of(actor: Actor, card: Card) -> Reader:
    """A reader with the card in it, still to be recognized. Raises Refusal ``cards.no-reader``."""
    for slot in SLOTS:
        reader = slot(actor)
        if reader is not None:
            return reader
    if not settings.PRODUCTION and card.batch is not None:
        image = directory_of(card.batch) / CARDS / f"{card.serial:08d}.card"
        if image.exists():
            return InProcessReader(open_chip(image))
    raise Refusal("cards.no-reader")


def blank_in(actor: Actor) -> Reader | None:
    """The reader at her counter with a blank in it; None: a chip is simulated. Raises Refusal
    ``cards.no-reader`` in production without one."""
    for slot in SLOTS:
        reader = slot(actor)
        if reader is not None:
            return reader
    if settings.PRODUCTION:
        raise Refusal("cards.no-reader")
    return None
