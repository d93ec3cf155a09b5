"""The log of uses of a carrier, EF 0018: newest first."""

from dataclasses import dataclass
from datetime import datetime

from shebaoka.carriers.errors import CarrierError
from shebaoka.carriers.session import Purpose
from shebaoka.carriers.wire import Carrier
from shebaoka.psam.carrier.state import LOG_RECORD, LOG_RECORDS


@dataclass(frozen=True, slots=True)
class Use:
    """One use: its number since the carrier was issued, when, what for, of which export."""

    number: int
    moment: datetime
    purpose: Purpose
    reference: bytes


def read_log(carrier: Carrier) -> tuple[Use, ...]:
    """Up to the last thirty uses. Raises CarrierError for a record that makes no sense."""
    status = carrier.status
    count = min(status.use_limit - status.uses_left, LOG_RECORDS)
    return tuple(_use(carrier, record) for record in range(1, count + 1))


def _use(carrier: Carrier, number: int) -> Use:
    raw = carrier.send(bytes((0x00, 0xB2, number, 0xC4, LOG_RECORD)), f"READ RECORD {number} of the log")
    try:
        moment = datetime.strptime(raw[2:9].hex(), "%Y%m%d%H%M%S")
        return Use(int.from_bytes(raw[:2]), moment, Purpose(raw[9]), raw[10:])
    except (ValueError, IndexError):
        raise CarrierError(f"{carrier}: record {number} of its log makes no sense") from None
