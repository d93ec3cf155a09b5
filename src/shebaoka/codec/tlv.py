"""Tag, length, value with one-byte tags and one-byte lengths everywhere (decision K65).

Tags such as 1F or 5F would start a multi-byte tag in BER; the records of the card do not follow BER there.
"""

from collections.abc import Iterable


class TlvError(ValueError):
    """Bytes that are no sequence of tag, length, value; ``offset`` is where, counted in bytes from 0."""

    def __init__(self, offset: int, reason: str) -> None:
        self.offset = offset
        super().__init__(f"{reason} at byte {offset + 1}")


def encode(tag: int, value: bytes) -> bytes:
    """``tag ‖ length ‖ value``. Raises ValueError for a tag over FF or a value over 255 bytes."""
    if not 0 <= tag <= 0xFF:
        raise ValueError(f"a tag is one byte, not {tag:X}")
    if len(value) > 0xFF:
        raise ValueError(f"the value of tag {tag:02X} has at most 255 bytes, not {len(value)}")
    return bytes((tag, len(value))) + value


def encode_all(objects: Iterable[tuple[int, bytes]]) -> bytes:
    """Several objects one after the other; the result can be the value of a template (B-TLV).

    >>> encode_all([(0x10, b"011"), (0x12, bytes.fromhex("650100"))]).hex()
    '10033031311203650100'
    """
    return b"".join([encode(tag, value) for tag, value in objects])


def parse(data: bytes) -> list[tuple[int, bytes]]:
    """The objects in ``data``, in order; a template's value is parsed by calling again. Raises TlvError."""
    objects, offset, size = [], 0, len(data)
    while offset < size:
        if offset + 2 > size:
            raise TlvError(offset, f"tag {data[offset]:02X} without a length")
        end = offset + 2 + data[offset + 1]
        if end > size:
            missing = end - size
            raise TlvError(offset, f"tag {data[offset]:02X} lacks {missing} of {data[offset + 1]} bytes")
        objects.append((data[offset], data[offset + 2 : end]))
        offset = end
    return objects
