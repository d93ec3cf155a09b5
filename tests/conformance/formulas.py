"""A second, small implementation of the card's formulas, on the cipher library alone.

Nothing of ``shebaoka.crypto`` is used, so that a mistake in a formula of the product shows as a failing case.
Sources: Part 4 §8-9, Part 7 §11-12, §15, Part 9 §7.
"""

from dataclasses import dataclass
from functools import cache

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

PROVINCE, CITY, CARD = (
    bytes.fromhex(f) for f in ("3635303030307368", "3635303130307378", "1234650100000001")
)
STEPS = (PROVINCE, CITY, CARD)
ORIGINAL = bytes.fromhex("1112131415161718")
_SINGLE = {"STK"} | {f"STKDF{n:02d}" for n in range(1, 10)}


@dataclass(frozen=True)
class Variant:
    """D: 3DES and DES. S: SM4. ``fci`` and ``psam``: algorithm codes; ``block``: bytes."""

    id: str
    fci: int
    psam: int
    block: int

    def __str__(self) -> str:
        return self.id


D = Variant("D", 0x01, 0x00, 8)
S = Variant("S", 0x03, 0x03, 16)
VARIANTS = {"D": D, "S": S}


def _cipher(v: Variant, key: bytes) -> "Cipher[modes.ECB]":
    if v is S:
        return Cipher(SM4(key), modes.ECB())  # noqa: S305
    return Cipher(TripleDES((key * 3)[:24] if len(key) == 8 else key + key[:8]), modes.ECB())  # noqa: S305


def encrypt(v: Variant, key: bytes, blocks: bytes) -> bytes:
    return _cipher(v, key).encryptor().update(blocks)


def decrypt(v: Variant, key: bytes, blocks: bytes) -> bytes:
    return _cipher(v, key).decryptor().update(blocks)


def _xor(a: bytes, b: bytes) -> bytes:
    return bytes(x ^ y for x, y in zip(a, b, strict=True))


def root(v: Variant, name: str, version: int = 1) -> bytes:
    label = (name if version == 1 else f"{name}{version}").encode()
    return label.ljust(16, b"\xa5")[: 8 if v is D and name in _SINGLE else 16]


def diversify(v: Variant, key: bytes, factor: bytes) -> bytes:
    inverse = bytes(255 - b for b in factor)
    if v is S:
        return encrypt(v, key, factor + inverse)
    if len(key) == 8:
        return encrypt(v, key, factor)
    return encrypt(v, key, factor) + encrypt(v, key, inverse)


@cache
def level_key(v: Variant, name: str, steps: int, version: int = 1) -> bytes:
    """0 nation, 1 province, 2 city, 3 card."""
    key = root(v, name, version)
    for factor in STEPS[:steps]:
        key = diversify(v, key, factor)
    return key


def card_key(v: Variant, name: str, version: int = 1) -> bytes:
    return level_key(v, name, 3, version)


def session(v: Variant, key: bytes, random: bytes) -> bytes:
    return encrypt(v, key, random.ljust(v.block, b"\x00"))


def _pad(data: bytes, block: int) -> bytes:
    data += b"\x80"
    return data + bytes(-len(data) % block)


def cbc(v: Variant, key: bytes, padded: bytes, iv: bytes = b"") -> bytes:
    state = iv or bytes(v.block)
    for at in range(0, len(padded), v.block):
        state = encrypt(v, key, _xor(state, padded[at : at + v.block]))
    return state


def fold4(block: bytes) -> bytes:
    if len(block) == 8:
        return block[:4]
    a, b, c, d = (block[i : i + 4] for i in range(0, 16, 4))
    return _xor(_xor(a, b), _xor(c, d))


def mac(v: Variant, key: bytes, message: bytes) -> bytes:
    """Four bytes under a session key (or TAC key)."""
    return fold4(cbc(v, key, _pad(message, v.block)))


def authentication(v: Variant, key: bytes, random: bytes, original: bytes = ORIGINAL) -> bytes:
    block = encrypt(v, session(v, key, random), original.ljust(v.block, b"\x00"))
    return block if len(block) == 8 else _xor(block[:8], block[8:])


def framed(v: Variant, data: bytes) -> bytes:
    """``LD ‖ data`` filled to whole blocks."""
    text = bytes((len(data),)) + data
    return text if len(text) % v.block == 0 else _pad(text, v.block)


def secure_command(v: Variant, key: bytes, random: bytes, header: str, data: bytes = b"") -> bytes:
    """``CLA INS P1 P2 Lc data MAC`` with a session key of ``key``."""
    message = bytes.fromhex(header) + bytes((len(data) + 4,)) + data
    return message + mac(v, session(v, key, random), message)


def pin_reload(v: Variant, key: bytes, random: bytes, pin: bytes) -> bytes:
    """PIN CHANGE/UNBLOCK with a new PIN (packed digits)."""
    cipher = encrypt(v, session(v, key, random), framed(v, pin))
    return secure_command(v, key, random, "84240001", cipher)


def loading(v: Variant, master: bytes, challenge: bytes, header: str, record: bytes) -> bytes:
    """CREATE KEY, CHANGE KEY: cipher and MAC under the master key itself, IV = challenge (Part 9 §7.1.3)."""
    cipher = encrypt(v, master, framed(v, record))
    message = bytes.fromhex(header) + bytes((len(cipher) + 4,)) + cipher
    iv = challenge.ljust(v.block, b"\x00")
    if v is S:
        return message + fold4(cbc(v, master, _pad(message, 16), iv))
    block = cbc(v, master[:8], _pad(message, 8), iv)
    return message + encrypt(v, master[:8], decrypt(v, master[8:], block))[:4]


def tac_key(v: Variant, dtk: bytes) -> bytes:
    return dtk if v is S else _xor(dtk[:8], dtk[8:])
