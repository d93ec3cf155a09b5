"""The tables of PSAMs."""

from shebaoka.office.psams.models.ends import (
    Count,
    CountLine,
    Destruction,
    DestructionFile,
    DestructionLine,
    Recall,
    RecallLine,
    Return,
)
from shebaoka.office.psams.models.hosts import Host
from shebaoka.office.psams.models.keepers import KeeperContact
from shebaoka.office.psams.models.places import Agreement, Place
from shebaoka.office.psams.models.psams import Event, Issue, Psam, PsamKey
from shebaoka.office.psams.models.uses import BlockList, Inspection, Loss, Use
from shebaoka.office.psams.models.vendors import Order, Series, Vendor

__all__ = (
    "Agreement",
    "BlockList",
    "Count",
    "CountLine",
    "Destruction",
    "DestructionFile",
    "DestructionLine",
    "Event",
    "Host",
    "Inspection",
    "Issue",
    "KeeperContact",
    "Loss",
    "Order",
    "Place",
    "Psam",
    "PsamKey",
    "Recall",
    "RecallLine",
    "Return",
    "Series",
    "Use",
    "Vendor",
)
