"""Tables of cards."""

from shebaoka.office.cards.models.applications import Application, ApplicationList, ListRow
from shebaoka.office.cards.models.batches import Batch, Place
from shebaoka.office.cards.models.blacklist import Listed, ListVersion
from shebaoka.office.cards.models.cards import Card, Event
from shebaoka.office.cards.models.electronic import ElectronicCard, TokenUse
from shebaoka.office.cards.models.numbers import Reservation, Series
from shebaoka.office.cards.models.premade import StockTake
from shebaoka.office.cards.models.products import Product
from shebaoka.office.cards.models.sites import Site
from shebaoka.office.cards.models.stock import Movement, Stock
from shebaoka.office.cards.models.tallies import Tally
from shebaoka.office.cards.models.updates import Update

__all__ = (
    "Application",
    "ApplicationList",
    "Batch",
    "Card",
    "ElectronicCard",
    "Event",
    "ListRow",
    "ListVersion",
    "Listed",
    "Movement",
    "Place",
    "Product",
    "Reservation",
    "Series",
    "Site",
    "Stock",
    "StockTake",
    "Tally",
    "TokenUse",
    "Update",
)
