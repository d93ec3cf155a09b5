"""Sealing under a passphrase, for files that hold keys: scrypt (r 8, p 1) and AES-256-GCM.

A file says in its first line how its passphrase is stretched, ``scrypt <log2 n> <salt in hex>``; each sealed
part is nonce 12 ‖ ciphertext ‖ tag 16 and bound to the data given with it."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAX_WORK = 20  # a foreign file may ask for 1 GiB at most
_NONCE = 12
_SALT = 16


class SealError(ValueError):
    """Wrong passphrase, changed data or malformed parameters; one line for people."""


class Seal:
    """A passphrase, stretched once: seals and opens any number of times. ``work``: log2 of scrypt's n; 15
    takes 32 MiB and a tenth of a second, each step more doubles both."""

    __slots__ = ("_aead", "parameters")

    def __init__(self, passphrase: str, work: int, salt: bytes | None = None) -> None:
        salt = os.urandom(_SALT) if salt is None else salt
        kdf = Scrypt(salt=salt, length=32, n=1 << work, r=8, p=1)
        self._aead = AESGCM(kdf.derive(passphrase.encode("utf-8", "surrogateescape")))
        self.parameters = f"scrypt {work} {salt.hex()}"

    @classmethod
    def of(cls, parameters: str, passphrase: str) -> "Seal":
        """The seal with the :attr:`parameters` that a file states. Raises SealError."""
        try:
            name, work, salt = parameters.split(" ")
            stated = int(work), bytes.fromhex(salt)
        except ValueError:
            raise SealError("the parameters of the passphrase are damaged") from None
        if name != "scrypt" or not 1 <= stated[0] <= MAX_WORK or len(stated[1]) != _SALT:
            raise SealError("the parameters of the passphrase are damaged")
        return cls(passphrase, *stated)

    def __repr__(self) -> str:
        return "<seal>"

    def seal(self, content: bytes, bound_to: bytes) -> bytes:
        """The sealed content."""
        nonce = os.urandom(_NONCE)
        return nonce + self._aead.encrypt(nonce, content, bound_to)

    def unseal(self, sealed: bytes, bound_to: bytes) -> bytes:
        """Inverse of :meth:`seal`. Raises SealError."""
        try:
            return self._aead.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to)
        except (InvalidTag, ValueError):
            raise SealError("wrong passphrase, or the file is damaged") from None
