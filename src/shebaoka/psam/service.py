"""INITIALIZE ENVIRONMENT, DELIVERY SESSION KEY, CIPHER DATA (Part 9 §9.3, §9.7, §9.8)."""

from shebaoka.chip.chip import Chip
from shebaoka.chip.command import Case, Entry, Request
from shebaoka.chip.errors import CardError
from shebaoka.crypto.ciphers import BlockCipher, xor
from shebaoka.crypto.formulas import diversify, session_key
from shebaoka.crypto.padding import fold_mac
from shebaoka.psam.usage import MAY_ENCRYPT, MAY_MAC, level_slot, steps, type_of
from shebaoka.spec import sw

_FACTOR = 8
_MOST_STEPS = 3
_ENCRYPT, _ENCRYPT_MORE = 0x00, 0x02
_MAC_LAST, _MAC_NEXT, _MAC_ONLY, _MAC_FIRST = 0x01, 0x03, 0x05, 0x07
_ENCRYPTING = (_ENCRYPT, _ENCRYPT_MORE)


class TemporaryKey:
    """A session key waiting for CIPHER DATA. ``kind``: type of its key. ``state``: the MAC under way.

    ``encrypting``: None until used; then it must not change until the computation is complete.
    """

    __slots__ = ("cipher", "encrypting", "kind", "state")

    def __init__(self, cipher: BlockCipher, kind: int) -> None:
        self.cipher = cipher
        self.kind = kind
        self.encrypting: bool | None = None
        self.state: bytes | None = None


def initialize_environment(chip: Chip, request: Request) -> bytes:
    """First byte of the card's identification code: two digits of its province. Nothing depends on them: key
    records name no province (decision K56). CardError 6A80 when they are no digits."""
    if not request.data.hex().isdecimal():
        raise CardError(sw.DATA)
    return b""


def deliver_session_key(chip: Chip, request: Request) -> bytes:
    """P1 usage, P2 identifier; ``factors ‖ session factor``, deepest level first.

    CardError 6700 for an impossible Lc, 6A80 when the number of factors is not that of the key, 6A88, 6985.
    """
    chip.session.transaction = None
    usage, data = request.p1, request.data
    block = chip.session.directory.algorithm.block_size
    count, odd = divmod(len(data) - block, _FACTOR)
    if odd or not 0 <= count <= _MOST_STEPS:
        raise CardError(sw.LENGTH)
    slot = level_slot(chip, usage, request.p2)
    if slot is None:
        raise CardError(sw.KEY_NOT_FOUND)
    if count != steps(usage):
        raise CardError(sw.DATA)
    if type_of(usage) not in MAY_ENCRYPT | MAY_MAC:
        raise CardError(sw.CONDITIONS)
    cipher: BlockCipher = slot.find(None).cipher
    if cipher.algorithm.block_size != block:
        raise CardError(sw.CONDITIONS)
    cipher = diversify_down(cipher, data[: count * _FACTOR])
    chip.session.transaction = TemporaryKey(session_key(cipher, data[count * _FACTOR :]), type_of(usage))
    return b""


def cipher_data(chip: Chip, request: Request) -> bytes:
    """P1 00/02 encrypt; 05 MAC in one, 07 first, 03 next, 01 last; 05 and 07 begin with the initial value.

    The key ends with 00, 01 and 05 and with any error (K54). MACs are four bytes (K55). The caller pads.
    """
    temporary, chip.session.transaction = chip.session.transaction, None
    if not isinstance(temporary, TemporaryKey):
        raise CardError(sw.INVALID_STATE)
    mode, data, block = request.p1, request.data, temporary.cipher.algorithm.block_size
    most = 0x40 if block == 8 else 0x80
    least = 2 * block if mode == _MAC_ONLY else block
    if len(data) % block or not least <= len(data) <= most:
        raise CardError(sw.LENGTH)
    encrypting = mode in _ENCRYPTING
    if temporary.kind not in (MAY_ENCRYPT if encrypting else MAY_MAC):
        raise CardError(sw.CONDITIONS)
    if encrypting:
        return _encrypt(chip, temporary, mode, data)
    return _mac(chip, temporary, mode, data)


def diversify_down(cipher: BlockCipher, factors: bytes) -> BlockCipher:
    """Diversify by each 8-byte factor, the last in ``factors`` (highest level) first."""
    for start in range(len(factors) - _FACTOR, -1, -_FACTOR):
        cipher = diversify(cipher, factors[start : start + _FACTOR])
    return cipher


def _encrypt(chip: Chip, temporary: TemporaryKey, mode: int, data: bytes) -> bytes:
    if temporary.encrypting is False:
        raise CardError(sw.INVALID_STATE)
    if mode == _ENCRYPT_MORE:
        temporary.encrypting = True
        chip.session.transaction = temporary
    return temporary.cipher.encrypt(data)


def _mac(chip: Chip, temporary: TemporaryKey, mode: int, data: bytes) -> bytes:
    first = mode in (_MAC_ONLY, _MAC_FIRST)
    if temporary.encrypting or first != (temporary.state is None):
        raise CardError(sw.INVALID_STATE)
    block = temporary.cipher.algorithm.block_size
    state, rest = (data[:block], data[block:]) if first else (temporary.state or b"", data)
    for start in range(0, len(rest), block):
        state = temporary.cipher.encrypt(xor(state, rest[start : start + block]))
    if mode in (_MAC_FIRST, _MAC_NEXT):
        temporary.encrypting, temporary.state = False, state
        chip.session.transaction = temporary
        return b""
    return fold_mac(state)


SERVICE = (
    Entry(
        "INITIALIZE ENVIRONMENT",
        0xBF,
        0xEC,
        initialize_environment,
        lengths=(1,),
        keeps=True,
        source="Part 9 §9.3",
    ),
    Entry(
        "DELIVERY SESSION KEY",
        0xBF,
        0xDE,
        deliver_session_key,
        parameters=None,
        lengths=range(8, 41),
        keeps=True,
        source="Part 9 §9.7",
    ),
    Entry(
        "CIPHER DATA",
        0x80,
        0xFA,
        cipher_data,
        case=Case.INOUT,
        parameters=frozenset(
            mode << 8 for mode in (_ENCRYPT, _ENCRYPT_MORE, _MAC_LAST, _MAC_NEXT, _MAC_ONLY, _MAC_FIRST)
        ),
        keeps=True,
        source="Part 9 §9.8",
    ),
)
