"""A passkey in software: what a browser and an authenticator answer (WebAuthn, ES256)."""

import json
import os
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from shebaoka.office.base.passkeys import Site


def text(data: bytes) -> str:
    """Base64 for URLs without padding."""
    return urlsafe_b64encode(data).decode().rstrip("=")


class Authenticator:
    """One passkey of one site."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.credential = os.urandom(16)
        self.count = 0
        self._key = ec.generate_private_key(ec.SECP256R1())

    def register(self, options: str) -> str:
        """The answer to a passkey offer."""
        numbers = self._key.public_key().public_numbers()
        key = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential + cbor2.dumps(key)
        data = self._data(0x45) + attested
        client = self._client("webauthn.create", json.loads(options)["challenge"])
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer({"clientDataJSON": text(client), "attestationObject": text(made)})

    def prove(self, options: str, *, count: int | None = None, verified: bool = True) -> str:
        """The answer to a challenge. ``count``: what a copy of the passkey would count; ``verified``: the
        device looked who holds it."""
        self.count = self.count + 1 if count is None else count
        data = self._data(0x05 if verified else 0x01)
        client = self._client("webauthn.get", json.loads(options)["challenge"])
        signature = self._key.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            {
                "clientDataJSON": text(client),
                "authenticatorData": text(data),
                "signature": text(signature),
            }
        )

    def _data(self, flags: int) -> bytes:
        return sha256(self.site.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        value = {"type": kind, "challenge": challenge, "origin": self.site.origin, "crossOrigin": False}
        return json.dumps(value).encode()

    def _answer(self, response: dict[str, Any]) -> str:
        name = text(self.credential)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
