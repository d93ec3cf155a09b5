"""The custodian's PIN: VERIFY and CHANGE PIN. Nothing unblocks it; the issuer can only erase the card."""

from shebaoka.chip.access import PIN_RIGHT
from shebaoka.chip.chip import Chip, same
from shebaoka.chip.command import Entry, Request
from shebaoka.chip.errors import CardError
from shebaoka.psam.carrier.state import require_issued
from shebaoka.spec import sw

PIN_SIZES = range(3, 7)  # bytes: 6 to 12 digits
PIN_LIMITS = range(3, 7)  # wrong tries
_SEPARATOR = 0xFF


def verify(chip: Chip, request: Request) -> bytes:
    """Packed digits, F as the last nibble of an odd number. Without data: 63Cx with the tries left."""
    require_issued(chip)
    mf = chip.tree.mf
    if not request.data:
        raise CardError(0x63C0 | chip.number(mf.pin_tries))
    _check(chip, request.data)
    chip.commit({mf.pin_tries: chip.number(mf.pin_limit)})  # always: a success must write like a failure
    chip.session.grant_pin(mf)
    return b""


def change_pin(chip: Chip, request: Request) -> bytes:
    """``old ‖ FF ‖ new``. CardError 6A80 for no PIN of six to twelve digits."""
    require_issued(chip)
    size = next((n for n in PIN_SIZES if len(request.data) > n and request.data[n] == _SEPARATOR), 0)
    old, new = request.data[:size], request.data[size + 1 :]
    if not is_pin(old) or not is_pin(new):
        raise CardError(sw.DATA)
    _check(chip, old)
    mf = chip.tree.mf
    chip.commit({mf.pin: new, mf.pin_tries: chip.number(mf.pin_limit)})
    chip.session.revoke_pin(mf)
    return b""


def require_pin(chip: Chip) -> None:
    """Raises CardError 6982 until the PIN was verified."""
    chip.require_right(PIN_RIGHT)


def is_pin(pin: bytes) -> bool:
    """Six to twelve packed digits."""
    return len(pin) in PIN_SIZES and pin.hex().removesuffix("f").isdecimal()


def _check(chip: Chip, given: bytes) -> None:
    mf = chip.tree.mf
    left = chip.number(mf.pin_tries)
    if left == 0:
        raise CardError(sw.BLOCKED)
    if not same(chip.octets(mf.pin), given):
        chip.session.revoke_pin(mf)
        chip.commit({mf.pin_tries: left - 1})
        raise CardError(0x63C0 | left - 1)


PIN = (
    Entry("VERIFY", 0x00, 0x20, verify, lengths=(0, *PIN_SIZES), source="carriers 3"),
    Entry(
        "CHANGE PIN",
        0x80,
        0x5E,
        change_pin,
        parameters=frozenset({0x0100}),
        lengths=range(7, 14),
        source="carriers 4",
    ),
)
