"""The readers of cards, always of the actor's area (R-04)."""

from shebaoka.office.cards.selectors.due import (
    batches_to_prepare,
    cards_of_the_dead,
    lists_to_publish,
    losses_to_expire,
)
from shebaoka.office.cards.selectors.electronic import electronic_of, token_uses
from shebaoka.office.cards.selectors.registers import (
    application,
    applications,
    batch,
    batches,
    card,
    card_lists,
    cards,
    cards_of,
    history,
    products,
    progress,
    sites,
    states,
    stocks,
    updates,
)

__all__ = (
    "application",
    "applications",
    "batch",
    "batches",
    "batches_to_prepare",
    "card",
    "card_lists",
    "cards",
    "cards_of",
    "cards_of_the_dead",
    "electronic_of",
    "history",
    "lists_to_publish",
    "losses_to_expire",
    "products",
    "progress",
    "sites",
    "states",
    "stocks",
    "token_uses",
    "updates",
)
