"""The tables of custody."""

from shebaoka.office.custody.models.carriers import Carrier, Holding
from shebaoka.office.custody.models.ceremonies import Ceremony
from shebaoka.office.custody.models.destructions import Destruction, DestructionFile
from shebaoka.office.custody.models.distribution import Dispatch, DispatchLine, Order
from shebaoka.office.custody.models.envelopes import Envelope, EnvelopeOpening
from shebaoka.office.custody.models.handovers import HandOver, HandOverLine, SupervisionVisit
from shebaoka.office.custody.models.hsms import Hsm, HsmCertificate
from shebaoka.office.custody.models.keepers import Keeper, KeeperChange, Training
from shebaoka.office.custody.models.keys import KeyRecord, KeyRotation, KeyStateChange
from shebaoka.office.custody.models.movements import Movement, MovementStep
from shebaoka.office.custody.models.places import Series, StoragePlace
from shebaoka.office.custody.models.stock import StockTake, StockTakeLine
from shebaoka.office.custody.models.visits import RoomVisit

__all__ = (
    "Carrier",
    "Ceremony",
    "Destruction",
    "DestructionFile",
    "Dispatch",
    "DispatchLine",
    "Envelope",
    "EnvelopeOpening",
    "HandOver",
    "HandOverLine",
    "Holding",
    "Hsm",
    "HsmCertificate",
    "Keeper",
    "KeeperChange",
    "KeyRecord",
    "KeyRotation",
    "KeyStateChange",
    "Movement",
    "MovementStep",
    "Order",
    "RoomVisit",
    "Series",
    "StockTake",
    "StockTakeLine",
    "StoragePlace",
    "SupervisionVisit",
    "Training",
)
