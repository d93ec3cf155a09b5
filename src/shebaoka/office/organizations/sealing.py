"""Secrets of staff at rest: sealed, or as keyed digests, under keys derived from the office's signing key.

Whoever reads the database alone can use none of them."""

import os
from hashlib import sha256
from hmac import compare_digest, new

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_NONCE = 12


class SealError(ValueError):
    """Sealed bytes do not open: another signing key, another owner, or changed bytes."""


def seal(content: bytes, owner: str) -> bytes:
    """``content`` under AES-256-GCM for ``owner``, who is needed to open it."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(_key(settings.SECRET_KEY, b"seal")).encrypt(nonce, content, owner.encode())


def unseal(sealed: bytes, owner: str) -> bytes:
    """The content. Earlier signing keys (``SECRET_KEY_FALLBACKS``) are tried too. Raises SealError."""
    for secret in _signing_keys():
        try:
            return AESGCM(_key(secret, b"seal")).decrypt(sealed[:_NONCE], sealed[_NONCE:], owner.encode())
        except InvalidTag:
            continue
    raise SealError("the office's signing key is not the one this was sealed with")


def digest(secret: str, owner: str) -> str:
    """The keyed digest, 64 hex digits, of a code of one use as its owner types it."""
    return _digest(settings.SECRET_KEY, secret, owner)


def fits(secret: str, owner: str, kept: str) -> bool:
    """Whether ``secret`` is what ``kept`` is the digest of, in constant time."""
    return any(compare_digest(_digest(each, secret, owner), kept) for each in _signing_keys())


def _signing_keys() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS))


def _digest(signing_key: str, secret: str, owner: str) -> str:
    message = owner.encode() + b"\0" + secret.encode()
    return new(_key(signing_key, b"digest"), message, sha256).hexdigest()


def _key(secret: str, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"shebaoka office " + purpose).derive(secret.encode())
