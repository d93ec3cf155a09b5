"""The tables of custody."""

from shebaoka.office.custody.models.carriers import Carrier, Holding
from shebaoka.office.custody.models.ceremonies import Ceremony
from shebaoka.office.custody.models.destructions import Destruction
from shebaoka.office.custody.models.distribution import Dispatch, DispatchLine, Order
from shebaoka.office.custody.models.handovers import HandOver, HandOverLine, SupervisionVisit
from shebaoka.office.custody.models.hsms import Hsm, HsmCertificate
from shebaoka.office.custody.models.keys import KeyRecord, KeyRotation, KeyStateChange
from shebaoka.office.custody.models.movements import Movement, MovementStep
from shebaoka.office.custody.models.places import Series, StoragePlace
from shebaoka.office.custody.models.stock import StockTake, StockTakeLine

__all__ = (
    "Carrier",
    "Ceremony",
    "Destruction",
    "Dispatch",
    "DispatchLine",
    "HandOver",
    "HandOverLine",
    "Holding",
    "Hsm",
    "HsmCertificate",
    "KeyRecord",
    "KeyRotation",
    "KeyStateChange",
    "Movement",
    "MovementStep",
    "Order",
    "Series",
    "StockTake",
    "StockTakeLine",
    "StoragePlace",
    "SupervisionVisit",
)
