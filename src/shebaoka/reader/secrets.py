"""Which bytes of an exchange are secret and shown as ``**``: PINs, key blocks, encrypted PINs."""

from dataclasses import dataclass
from functools import cache

from shebaoka.spec.keys import key_catalogue
from shebaoka.spec.model import KeyRole

MASK = "**"

# VERIFY, CHANGE PIN, PIN CHANGE/UNBLOCK; WRITE KEY of the issuer dialect, CREATE and CHANGE KEY of the PSAM.
_SECRET_DATA = frozenset({0x20, 0x5E, 0x24, 0xD8, 0xD4})
_DELIVERY_SESSION_KEY, _CIPHER_DATA, _GET_RESPONSE = 0xDE, 0xFA, 0xC0
_MAC_AND_ENCRYPT = 0x08  # PSAM key type 8 may encrypt a PIN


@dataclass(frozen=True)
class MaskedExchange:
    """An exchange in hex with secret bytes masked; ``secret`` tells whether any are."""

    command: str
    answer: str
    secret: bool


class SecretFilter:
    """Masks exchanges one after the other; it remembers which PSAM key was delivered last, because the input
    of CIPHER DATA is a clear PIN when that is a maintenance key (decision K9)."""

    def __init__(self) -> None:
        self._pin_key_delivered = False
        self._answer_waits = False

    def mask(self, apdu: bytes, answer: bytes) -> MaskedExchange:
        """``apdu`` and its ``answer`` with what is secret masked: the command's data, and for CIPHER DATA
        under a maintenance key also the answer's."""
        ins = apdu[1] if len(apdu) > 1 else 0
        if ins == _DELIVERY_SESSION_KEY and len(apdu) > 5:
            self._pin_key_delivered = _may_encrypt_pin(apdu[2], apdu[3])
        pin_block = ins == _CIPHER_DATA and self._pin_key_delivered
        hide_data = (ins in _SECRET_DATA or pin_block) and len(apdu) > 5
        hide_answer = (hide_data and pin_block) or (ins == _GET_RESPONSE and self._answer_waits)
        self._answer_waits = hide_answer and answer[-2:-1] == b"\x61"
        command = apdu[:5].hex().upper() + MASK * (len(apdu) - 5) if hide_data else apdu.hex().upper()
        data, status = answer[:-2], answer[-2:].hex().upper()
        shown = (MASK * len(data) if hide_answer else data.hex().upper()) + status
        return MaskedExchange(command, shown, hide_data or (hide_answer and bool(data)))


def _may_encrypt_pin(usage: int, identifier: int) -> bool:
    known = _psam_roles().get(identifier)
    return known is KeyRole.MAINTENANCE or (known is None and usage & 0x1F == _MAC_AND_ENCRYPT)


@cache
def _psam_roles() -> dict[int, KeyRole]:
    catalogue = key_catalogue("2.0", annex=True)
    return {entry.psam_id: entry.role for entry in catalogue if entry.psam_id is not None}
