"""Padding and folding of Part 4 §8."""

from shebaoka.crypto.ciphers import xor


def pad_mac(message: bytes, block: int) -> bytes:
    """``80 00...`` always, a whole extra block when already aligned (Part 4 §8.2)."""
    return message + b"\x80" + bytes(-(len(message) + 1) % block)


def pad_data(data: bytes, block: int) -> bytes:
    """``LD ‖ data``, then ``80 00...`` only when not already whole blocks (Part 4 §8.3). Data: up to
    255 bytes; raises ValueError for more."""
    if len(data) > 0xFF:
        raise ValueError(f"command data has at most 255 bytes, not {len(data)}")
    framed = bytes((len(data),)) + data
    return framed if len(framed) % block == 0 else pad_mac(framed, block)


def unpad_data(blocks: bytes) -> bytes:
    """Inverse of :func:`pad_data`. Raises ValueError when length byte or padding do not fit."""
    if not blocks:
        raise ValueError("no data to take the padding from")
    length = blocks[0]
    data, rest = blocks[1 : 1 + length], blocks[1 + length :]
    if len(data) != length or (rest and rest != b"\x80" + bytes(len(rest) - 1)):
        raise ValueError("length byte and padding do not fit")
    return data


def fold_mac(block: bytes) -> bytes:
    """Four bytes of a MAC block: leftmost four of 8; XOR of the four words of 16 (Part 4 §8.2)."""
    if len(block) == 8:
        return block[:4]
    half = xor(block[:8], block[8:])
    return xor(half[:4], half[4:])


def fold_authentication(block: bytes) -> bytes:
    """Eight bytes of authentication data: the block of 8; XOR of the halves of 16 (Part 4 §9)."""
    return block if len(block) == 8 else xor(block[:8], block[8:])
