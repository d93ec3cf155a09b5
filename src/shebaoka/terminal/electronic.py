"""The QR code of an electronic card (电子社会保障卡): a signed token that a terminal checks without a line to
anybody. The national format is not public; this profile is our own.

``SBK1.`` and the base64url of: holder's reference 16 bytes, serial of the token 16, level 1, end of validity
8 (seconds since 1970, big-endian), fingerprint of the signing key 8, Ed25519 signature 64 over all before it
and the prefix. A terminal takes a token once; the office, asked online, takes it once everywhere."""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shebaoka.terminal.errors import CardRefusedError

PREFIX: Final = "SBK1."
LONGEST: Final = timedelta(seconds=60)
"""No token is good for longer, whatever it says."""
SLACK: Final = timedelta(seconds=5)
"""How far a terminal's clock may be off."""
_BODY, _SIGNATURE = 49, 64


@dataclass(frozen=True, slots=True)
class QrToken:
    """``reference``: of the electronic card, 32 hex digits, says nothing of the person; ``serial``: of the
    token; ``level``: 1 (credential) or 2 (pays, too); ``until``: end of validity."""

    reference: str = field(repr=False)
    serial: str = field(repr=False)
    level: int
    until: datetime


def signed(token: QrToken, key: Ed25519PrivateKey) -> str:
    """The text of the QR code."""
    body = (
        bytes.fromhex(token.reference)
        + bytes.fromhex(token.serial)
        + bytes((token.level,))
        + int(token.until.timestamp()).to_bytes(8)
        + fingerprint(key.public_key())
    )
    data = body + key.sign(PREFIX.encode() + body)
    return PREFIX + base64.urlsafe_b64encode(data).decode().rstrip("=")


def checked(text: str, trusted: Iterable[Ed25519PublicKey], now: datetime) -> QrToken:
    """The token in a QR code that one of the ``trusted`` keys signed and that is good now. Raises
    CardRefusedError: no such code, another signer, changed, over, or good for too long."""
    body, signature = _parts(text)
    known = {fingerprint(key): key for key in trusted}
    key = known.get(body[41:49])
    if key is None:
        raise CardRefusedError("electronic-signer")
    try:
        key.verify(signature, PREFIX.encode() + body)
    except InvalidSignature:
        raise CardRefusedError("electronic-changed") from None
    try:
        until = datetime.fromtimestamp(int.from_bytes(body[33:41]), UTC)
    except (OverflowError, ValueError, OSError):
        raise CardRefusedError("electronic-malformed") from None
    if now > until + SLACK:
        raise CardRefusedError("electronic-over")
    if until > now + LONGEST + SLACK or body[32] not in (1, 2):
        raise CardRefusedError("electronic-malformed")
    return QrToken(body[:16].hex(), body[16:32].hex(), body[32], until)


@dataclass
class Seen:
    """Tokens that a terminal took: each once, remembered until it is over."""

    _until: dict[str, datetime] = field(default_factory=dict)

    def take(self, token: QrToken, now: datetime) -> None:
        """Raises CardRefusedError the second time."""
        for serial in [each for each, until in self._until.items() if until + SLACK < now]:
            del self._until[serial]
        if token.serial in self._until:
            raise CardRefusedError("electronic-used")
        self._until[token.serial] = token.until


def fingerprint(key: Ed25519PublicKey) -> bytes:
    """The name of a signer, 8 bytes."""
    return sha256(key.public_bytes_raw()).digest()[:8]


def _parts(text: str) -> tuple[bytes, bytes]:
    if not text.startswith(PREFIX) or len(text) > 200:
        raise CardRefusedError("electronic-malformed")
    try:
        raw = text[len(PREFIX) :]
        data = base64.b64decode(raw + "=" * (-len(raw) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise CardRefusedError("electronic-malformed") from None
    if len(data) != _BODY + _SIGNATURE:
        raise CardRefusedError("electronic-malformed")
    return data[:_BODY], data[_BODY:]
