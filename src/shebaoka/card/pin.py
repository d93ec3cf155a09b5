"""VERIFY, CHANGE PIN, PIN CHANGE/UNBLOCK: the card PIN (卡密码; Part 5 §6.3, §6.8, §6.14)."""

from shebaoka.chip.chip import Chip, same
from shebaoka.chip.command import Entry, Request
from shebaoka.chip.commands.authenticate import count_failure
from shebaoka.chip.commands.secure import check_mac, maintenance_session
from shebaoka.chip.errors import CardError
from shebaoka.chip.keys import KeySlot, Role
from shebaoka.chip.tree import Directory
from shebaoka.crypto.padding import unpad_data
from shebaoka.spec import sw

_SEPARATOR = 0xFF
_SIZES = range(2, 9)  # 4 to 16 digits
_MAC = 4


def verify(chip: Chip, request: Request) -> bytes:
    """Data: packed digits. Without data: 9000 when no PIN is set, else 63Cx with the tries left."""
    ddf = chip.session.directory.ddf
    stored = chip.octets(ddf.pin)
    if not request.data:
        if stored:
            raise CardError(0x63C0 | _tries(chip, ddf))
        return b""
    if ddf.pin not in chip.state:
        raise CardError(sw.KEY_NOT_FOUND)
    _check(chip, ddf, stored, request.data)
    chip.commit({ddf.pin_tries: chip.number(ddf.pin_limit)})  # always: see restore_tries
    chip.session.grant_pin(ddf)
    return b""


def change_pin(chip: Chip, request: Request) -> bytes:
    """``old ‖ FF ‖ new``; either may be empty (decision K26). The counter goes back to its limit.

    CardError 6A81 where there is no PIN at all, set or empty.
    """
    ddf = chip.session.directory.ddf
    if ddf.pin not in chip.state:
        raise CardError(sw.NOT_SUPPORTED)
    if _tries(chip, ddf) == 0:
        raise CardError(sw.BLOCKED)
    position = request.data.find(_SEPARATOR)
    if position < 0:
        raise CardError(sw.DATA)
    old, new = request.data[:position], request.data[position + 1 :]
    if not is_pin(new) or not is_pin(old):
        raise CardError(sw.DATA)
    _check(chip, ddf, chip.octets(ddf.pin), old)
    _set(chip, ddf, new)
    return b""


def reload_pin(chip: Chip, request: Request) -> bytes:
    """PIN CHANGE/UNBLOCK after authentication with PUK. P2 00: counter only; 01: new encrypted PIN.

    Encryption and MAC by STK of the DDF; a wrong MAC costs one try of PUK (decision K20). A success uses the
    authentication up: 6984 at once, 6982 from the next challenge on.
    """
    ddf = chip.session.directory.ddf
    slots = ddf.slots(Role.PIN_UNBLOCK)
    if not slots:
        raise CardError(sw.KEY_NOT_FOUND)
    puk = slots[0]
    chip.require_right(puk.identifier)
    if ddf.pin not in chip.state:
        raise CardError(sw.KEY_NOT_FOUND)
    _check_length(request, ddf.algorithm.block_size)
    session = maintenance_session(chip, ddf)
    try:
        encrypted = check_mac(session, request)
    except CardError:
        _count_reload_failure(chip, puk)
        raise
    new = _decrypted(session.decrypt(encrypted)) if encrypted else chip.octets(ddf.pin)
    _set(chip, ddf, new)
    chip.session.spent.add(puk.identifier)
    return b""


def is_pin(pin: bytes) -> bool:
    """Empty, or 2 to 8 bytes of packed digits, at least four, F only as the last nibble (Part 5 §6.3.1)."""
    if not pin:
        return True
    if len(pin) not in _SIZES:
        return False
    digits = pin.hex()
    if digits.endswith("f"):
        digits = digits[:-1]
    return len(digits) >= 4 and digits.isdecimal()


def _check(chip: Chip, ddf: Directory, stored: bytes, given: bytes) -> None:
    """Raises CardError 6983 when locked, 63Cx when wrong, counting the try."""
    left = _tries(chip, ddf)
    if left == 0:
        raise CardError(sw.BLOCKED)
    if not same(stored, given):
        chip.session.revoke_pin(ddf)
        chip.commit({ddf.pin_tries: left - 1})
        raise CardError(0x63C0 | left - 1)


def _set(chip: Chip, ddf: Directory, pin: bytes) -> None:
    chip.commit({ddf.pin: pin, ddf.pin_tries: chip.number(ddf.pin_limit)})
    chip.session.revoke_pin(ddf)


def _tries(chip: Chip, ddf: Directory) -> int:
    return chip.number(ddf.pin_tries)


def _check_length(request: Request, block: int) -> None:
    """Lc 04 for P2 00; one block, or two of 8 bytes, and the MAC for P2 01 (Part 5 T26)."""
    allowed = (_MAC,) if request.p2 == 0 else (block + _MAC, 16 + _MAC)
    if len(request.data) not in allowed:
        raise CardError(sw.LENGTH)


def _decrypted(plain: bytes) -> bytes:
    """The PIN inside ``LD ‖ PIN`` padded. Raises CardError 6A80."""
    try:
        pin = unpad_data(plain)
    except ValueError:
        raise CardError(sw.DATA) from None
    if not is_pin(pin):
        raise CardError(sw.DATA)
    return pin


def _count_reload_failure(chip: Chip, puk: KeySlot) -> None:
    if count_failure(chip, puk) == 0:
        chip.session.revoke(puk.identifier)


PIN = (
    Entry("VERIFY", 0x00, 0x20, verify, lengths=(0, *_SIZES), source="Part 5 §6.14"),
    Entry(
        "CHANGE PIN",
        0x80,
        0x5E,
        change_pin,
        parameters=frozenset({0x0100}),
        lengths=range(0x03, 0x12),
        source="Part 5 §6.3",
    ),
    Entry(
        "PIN CHANGE/UNBLOCK",
        0x84,
        0x24,
        reload_pin,
        parameters=frozenset({0x0000, 0x0001}),
        lengths=range(0x04, 0x15),
        source="Part 5 §6.8",
    ),
)
