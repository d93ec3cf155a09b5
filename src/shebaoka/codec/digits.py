"""Packed digits (cn): two to a byte, left aligned, filled with F on the right (V2 §7, decision K64).

Nibbles A-E are not decimal yet occur: the application identifier D156000005 is part of a cn item (V2 T10).
"""

_DIGITS = frozenset("0123456789")


class DigitsError(ValueError):
    """Text that is no digit string, or bytes that are no packed digits."""


def encode_cn(text: str, length: int) -> bytes:
    """``text`` packed into ``length`` bytes; empty text gives all F. Raises DigitsError.

    >>> encode_cn("123", 2).hex()
    '123f'
    """
    if not _DIGITS.issuperset(text):
        position = next(i for i, character in enumerate(text) if character not in _DIGITS)
        raise DigitsError(f"{text[position]!r} at character {position + 1} is not a digit")
    if len(text) > 2 * length:
        raise DigitsError(f"{len(text)} digits are too many: {2 * length} fit")
    return bytes.fromhex(text.ljust(2 * length, "f"))


def decode_cn(data: bytes) -> str:
    """The digits in ``data`` without the fill. Raises DigitsError for a nibble A-E and for
    digits after the fill."""
    text = data.hex().rstrip("f")
    if not _DIGITS.issuperset(text):
        position = next(i for i, character in enumerate(text) if character not in _DIGITS)
        raise DigitsError(f"nibble {text[position].upper()} at place {position + 1} is not a packed digit")
    return text
