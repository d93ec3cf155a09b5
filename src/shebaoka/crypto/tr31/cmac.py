"""CMAC (NIST SP 800-38B) and CBC over anything that encrypts blocks: the key may stay in a token."""

from typing import Protocol

from shebaoka.crypto.ciphers import xor

_REDUCTION = {8: 0x1B, 16: 0x87}


class Encrypts(Protocol):
    """Whole blocks in ECB."""

    @property
    def block_size(self) -> int:
        """Bytes of a block, 8 or 16."""

    def encrypt(self, blocks: bytes) -> bytes:
        """Any number of whole blocks."""

    def decrypt(self, blocks: bytes) -> bytes:
        """Inverse of :meth:`encrypt`."""


def last_blocks(key: Encrypts, *messages: bytes) -> bytes:
    """What CMAC encrypts for each message of at most one block; the encryption is the CMAC."""
    first, second = _subkeys(key)
    return b"".join(_last(message, key.block_size, first, second) for message in messages)


def cmac(key: Encrypts, message: bytes) -> bytes:
    """The whole MAC, one block long."""
    size = key.block_size
    whole = max(len(message) - 1, 0) // size * size
    state = cbc_encrypt(key, bytes(size), message[:whole])[-size:] if whole else bytes(size)
    first, second = _subkeys(key)
    return key.encrypt(xor(state, _last(message[whole:], size, first, second)))


def cbc_encrypt(key: Encrypts, start: bytes, blocks: bytes) -> bytes:
    """CBC over whole blocks, one encryption each. ``start``: one block."""
    size = key.block_size
    result = [start]
    for place in range(0, len(blocks), size):
        result.append(key.encrypt(xor(result[-1], blocks[place : place + size])))
    return b"".join(result[1:])


def cbc_decrypt(key: Encrypts, start: bytes, blocks: bytes) -> bytes:
    """Inverse of :func:`cbc_encrypt`."""
    return xor(key.decrypt(blocks), (start + blocks)[: len(blocks)])


def _subkeys(key: Encrypts) -> tuple[bytes, bytes]:
    first = _double(key.encrypt(bytes(key.block_size)))
    return first, _double(first)


def _double(block: bytes) -> bytes:
    """Multiplication by x in GF(2^64) or GF(2^128), without a branch on the secret."""
    size = len(block)
    value = int.from_bytes(block)
    carry = value >> (8 * size - 1)
    return ((value << 1 & ((1 << 8 * size) - 1)) ^ carry * _REDUCTION[size]).to_bytes(size)


def _last(block: bytes, size: int, first: bytes, second: bytes) -> bytes:
    if len(block) == size:
        return xor(block, first)
    return xor(block + b"\x80" + bytes(size - len(block) - 1), second)
