"""Wrapping a key into a block and taking it out again."""

import os
import re
from collections.abc import Callable
from hmac import compare_digest

from shebaoka.crypto.tr31.cmac import cbc_decrypt, cbc_encrypt, cmac, last_blocks
from shebaoka.crypto.tr31.errors import KeyBlockError
from shebaoka.crypto.tr31.fields import HIDDEN_SIZE, KEY_SIZES, STRENGTH, VERSIONS
from shebaoka.crypto.tr31.header import Header, parse_header
from shebaoka.crypto.tr31.protection import ProtectionKey

ENCRYPTION, AUTHENTICATION = 0, 1
MAX_KEY = 0xFFFF // 8
"""Bytes: the length of a key is two bytes that count bits."""


def wrap(
    protection: ProtectionKey,
    header: Header,
    key: bytes,
    *,
    hidden: int | None = None,
    random: Callable[[int], bytes] = os.urandom,
) -> str:
    """A key block of ``key`` under a protection key of the header's version.

    The key is padded with random bytes to ``hidden`` bytes (the largest key of its algorithm by default) and
    to whole cipher blocks, so that the length of the block does not tell the key's. Raises KeyBlockError."""
    _check_protection(protection, header)
    _check_key(header, len(key), protection)
    size = protection.block_size
    shown = max(len(key), HIDDEN_SIZE.get(header.algorithm, 0) if hidden is None else hidden)
    padding = shown - len(key) + size - (2 + shown) % size
    clear = (8 * len(key)).to_bytes(2) + key + random(padding)
    text = header.format(2 * (len(clear) + size))
    mac = cmac(_derived(protection, AUTHENTICATION), text.encode("ascii") + clear)
    sealed = cbc_encrypt(_derived(protection, ENCRYPTION), mac, clear)
    return text + (sealed + mac).hex().upper()


def unwrap(protection: ProtectionKey, block: str) -> tuple[Header, bytes]:
    """Header and key of a block. Raises KeyBlockError; the key is not looked at before its MAC fits."""
    header, start = parse_header(block)
    _check_protection(protection, header)
    size = protection.block_size
    body = block[start:]
    if len(body) < 4 * size:
        raise KeyBlockError("encrypted key", f"{len(body)} characters; it has at least {4 * size} with MAC")
    if not re.fullmatch("[0-9A-F]+", body) or len(body) % (2 * size):
        raise KeyBlockError("encrypted key", f"it is not whole blocks of {2 * size} capital hex digits")
    sealed, mac = bytes.fromhex(body[: -2 * size]), bytes.fromhex(body[-2 * size :])
    clear = cbc_decrypt(_derived(protection, ENCRYPTION), mac, sealed)
    expected = cmac(_derived(protection, AUTHENTICATION), block[:start].encode("ascii") + clear)
    if not compare_digest(expected, mac):
        raise KeyBlockError("MAC", "wrong: another protection key made it, or it was changed on its way")
    bits = int.from_bytes(clear[:2])
    if bits % 8 or bits // 8 > len(clear) - 2:
        raise KeyBlockError("key length", f"{bits} bits do not fit the encrypted key")
    _check_key(header, bits // 8, protection)
    return header, clear[2 : 2 + bits // 8]


def _derived(protection: ProtectionKey, purpose: int) -> ProtectionKey:
    """Encryption key (KBEK) or MAC key (KBAK): CMACs of ``counter ‖ purpose 2 ‖ 00 ‖ algorithm 2 ‖ bits 2``.

    The CMAC of one block is one encryption, so the key is derived as the encryption of several blocks, by
    the protection key itself and where that is."""
    rounds = -(-protection.size // protection.block_size)
    tail = (
        purpose.to_bytes(2) + b"\x00" + protection.indicator.to_bytes(2) + (8 * protection.size).to_bytes(2)
    )
    counters = (bytes((number + 1,)) + tail for number in range(rounds))
    return protection.derive(last_blocks(protection, *counters))


def _check_protection(protection: ProtectionKey, header: Header) -> None:
    if protection.version != header.version:
        wanted, given = header.protection.cipher, VERSIONS[protection.version].cipher
        raise KeyBlockError(
            "version", f"{header.version} is protected by a key of {wanted}; the protection key is {given}"
        )


def _check_key(header: Header, size: int, protection: ProtectionKey) -> None:
    sizes = KEY_SIZES.get(header.algorithm)
    if (sizes is not None and size not in sizes) or not 0 < size <= MAX_KEY:
        raise KeyBlockError("key length", f"{size} bytes are no key of algorithm {header.algorithm}")
    if STRENGTH.get((header.algorithm, size), 0) > protection.strength:
        raise KeyBlockError(
            "protection key",
            f"a key of {protection.strength} bits strength does not protect a stronger one"
            f" (algorithm {header.algorithm}, {size} bytes); take AES or a longer key",
        )
