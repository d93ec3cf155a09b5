"""Traces: exchanges decoded with the card's state in mind."""

from shebaoka.reader.trace.decoder import Decoder
from shebaoka.reader.trace.model import Detail, Exchange, Place, Status
from shebaoka.reader.trace.render import headline, lines, notes
from shebaoka.reader.trace.trace import Trace, printing, saving, standard_layouts

__all__ = [
    "Decoder",
    "Detail",
    "Exchange",
    "Place",
    "Status",
    "Trace",
    "headline",
    "lines",
    "notes",
    "printing",
    "saving",
    "standard_layouts",
]
