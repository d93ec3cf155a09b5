"""Protection keys of every kind, made from public strings."""

from hashlib import sha256

from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.crypto.tr31.fields import SM4
from shebaoka.crypto.tr31.protection import AesKey, CipherKey, ProtectionKey, TripleKey
from shebaoka.spec.algorithm import Algorithm


def material(name: str, size: int) -> bytes:
    return sha256(name.encode()).digest()[:size]


def protection(version: str, key: bytes) -> ProtectionKey:
    if version == "D":
        return AesKey(key)
    if version == SM4:
        return CipherKey(SoftwareCipher(Algorithm.SM4, key))
    return TripleKey(key) if len(key) == 24 else CipherKey(SoftwareCipher(Algorithm.TDES, key))


PROTECTIONS = [("B", 16), ("B", 24), ("D", 16), ("D", 24), ("D", 32), (SM4, 16)]
KEYS = {"B": ("T", 16), "D": ("A", 16), SM4: (SM4, 16)}
"""A key that a protection key of the version is strong enough for."""
