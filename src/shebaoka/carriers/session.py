"""The custodian's PIN and the session between vault and carrier: each proves the control key to the other."""

import os
from datetime import datetime
from enum import IntEnum
from hmac import compare_digest

from shebaoka.carriers.errors import CarrierError
from shebaoka.carriers.keys import CONTROL
from shebaoka.carriers.wire import Carrier
from shebaoka.codec.digits import DigitsError, encode_cn
from shebaoka.crypto.carriage import (
    MAC,
    RANDOM,
    Session,
    answer_mac,
    card_proof,
    control_session,
    vault_proof,
)
from shebaoka.spec import sw
from shebaoka.vault.model import KeyNotFoundError, Vault

_NO_USES = "no uses left, or too many wrong tries; ask the issuer for a new carrier"


class Purpose(IntEnum):
    """What a use was for, in the carrier's log."""

    CONTROL_KEY = 1
    TRANSPORT_KEY = 2
    KEY_BLOCKS = 3


def packed_pin(pin: str) -> bytes:
    """A PIN of 6 to 12 digits, packed. Raises CarrierError, which does not repeat it."""
    try:
        packed = encode_cn(pin, (len(pin) + 1) // 2)
    except DigitsError:
        packed = b""
    if not 3 <= len(packed) <= 6 or len(pin) < 6:
        raise CarrierError("the PIN of a carrier has 6 to 12 digits")
    return packed


def use_record(moment: datetime, purpose: Purpose, reference: bytes) -> bytes:
    """What the carrier logs of a use: ``time 7 (cn) ‖ purpose 1 ‖ reference 8``."""
    return bytes.fromhex(f"{moment:%Y%m%d%H%M%S}") + bytes((purpose,)) + reference


def verify_pin(carrier: Carrier, pin: str) -> None:
    """VERIFY. Raises CarrierError with the tries left."""
    packed = packed_pin(pin)
    command = b"\x00\x20\x00\x00" + bytes((len(packed),)) + packed
    carrier.send(command, f"PIN of the {carrier}", {sw.BLOCKED: "locked; ask the issuer for a new carrier"})


def change_pin(carrier: Carrier, old: str, new: str) -> None:
    """CHANGE PIN, when a custodian takes a carrier over. Raises CarrierError."""
    data = packed_pin(old) + b"\xff" + packed_pin(new)
    command = b"\x80\x5e\x01\x00" + bytes((len(data),)) + data
    carrier.send(command, f"PIN of the {carrier}", {sw.BLOCKED: "locked; ask the issuer for a new carrier"})


class OpenSession:
    """A session with a carrier: both sides have proven the control key, one use is consumed.

    Raises CarrierError when the carrier refuses, or does not know the control key itself."""

    def __init__(self, carrier: Carrier, vault: Vault, purpose: Purpose, moment: datetime) -> None:
        identity = carrier.identity
        if identity is None:
            raise CarrierError(f"{carrier}: issue it first")
        try:
            control = vault.cipher(vault.find(CONTROL, 1, identity.suite))
        except KeyNotFoundError:
            raise CarrierError(
                f"the vault of {vault.owner} has no {identity.suite.label} control key; "
                "load it from the master control card first"
            ) from None
        self._carrier = carrier
        self._answers = 0
        record = use_record(moment, purpose, carrier.status.reference)
        challenge, own = carrier.challenge(), os.urandom(RANDOM)
        self.keys: Session = control_session(control, own, challenge)
        data = own + record + vault_proof(self.keys, own, challenge, record)
        answer = carrier.send(
            b"\x80\x86\x00\x00" + bytes((len(data),)) + data + b"\x00", "OPEN SESSION", {sw.BLOCKED: _NO_USES}
        )
        proof, left = answer[:MAC], answer[MAC:]
        if len(left) != 2 or not compare_digest(proof, card_proof(self.keys, own, challenge, left)):
            raise CarrierError(f"{carrier}: it does not know the control key; keep it for an inquiry")
        self.uses_left = int.from_bytes(left)

    def ask(self, command: bytes, what: str) -> bytes:
        """The data of an answer whose MAC fits its place in the session. Raises CarrierError."""
        answer = self._carrier.send(command, what)
        self._answers += 1
        data, mac = answer[:-MAC], answer[-MAC:]
        if not compare_digest(mac, answer_mac(self.keys, self._answers, command[:4], data)):
            raise CarrierError(f"{what}: the answer of the {self._carrier} was altered on the way")
        return data
