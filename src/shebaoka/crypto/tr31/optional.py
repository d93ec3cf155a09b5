"""Optional blocks of a header: ``name 2 ‖ length ‖ data``, printable ASCII, ended by a padding block PB.

The length counts name and itself: two hex digits, or ``00 02`` and four hex digits for 256 and more."""

import re
from collections.abc import Mapping

from shebaoka.crypto.tr31.errors import KeyBlockError

PADDING = "PB"
_FIELD = "optional block"


def format_optional(blocks: Mapping[str, str], block_size: int) -> tuple[int, str]:
    """Number of blocks and their characters, padded to whole cipher blocks. Raises KeyBlockError."""
    text = "".join(_format(name, data) for name, data in blocks.items())
    count = len(blocks)
    if len(text) % block_size:
        text += _format(PADDING, "0" * (-(len(text) + 4) % block_size))
        count += 1
    if count > 99:
        raise KeyBlockError("number of optional blocks", f"{count} are more than 99")
    return count, text


def parse_optional(text: str, count: int, block_size: int) -> tuple[dict[str, str], int]:
    """``count`` blocks from the beginning of ``text`` without the padding, and the characters they take."""
    blocks: dict[str, str] = {}
    used = 0
    for number in range(count):
        name, data, end = _parse(text, used)
        if name == PADDING:
            if number != count - 1:
                raise KeyBlockError(f"{_FIELD} {PADDING}", "padding stands in front of another block")
        elif name in blocks:
            raise KeyBlockError(f"{_FIELD} {name}", "is there twice")
        else:
            blocks[name] = data
        used = end
    if used % block_size:
        raise KeyBlockError("optional blocks", f"{used} characters are no multiple of {block_size}")
    return blocks, used


def _format(name: str, data: str) -> str:
    _check_name(name)
    if not re.fullmatch("[\x20-\x7e]*", data):
        raise KeyBlockError(f"{_FIELD} {name}", "its data is not printable ASCII")
    if len(data) + 4 <= 0xFF:
        return f"{name}{len(data) + 4:02X}{data}"
    if len(data) + 10 > 0xFFFF:
        raise KeyBlockError(f"{_FIELD} {name}", f"{len(data)} characters are too many")
    return f"{name}0002{len(data) + 10:04X}{data}"


def _parse(text: str, start: int) -> tuple[str, str, int]:
    """Name, data and end of the block at ``start``."""
    name = text[start : start + 2]
    if len(name) != 2:
        raise KeyBlockError("number of optional blocks", "more blocks are counted than there are")
    _check_name(name)
    head, length = 4, _hex(name, text[start + 2 : start + 4], 2)
    if length == 0:
        digits = 2 * _hex(name, text[start + 4 : start + 6], 2)
        if not digits:
            raise KeyBlockError(f"{_FIELD} {name}", "its long length has no digits")
        head += 2 + digits
        length = _hex(name, text[start + 6 : start + head], digits)
    data = text[start + head : start + length]
    if length < head or len(data) != length - head:
        raise KeyBlockError(f"{_FIELD} {name}", f"length {length} does not fit what is there")
    return name, data, start + length


def _check_name(name: str) -> None:
    if not re.fullmatch("[A-Z0-9]{2}", name):
        raise KeyBlockError(_FIELD, f"the name {name!r} is not two capital letters or digits")


def _hex(name: str, digits: str, wanted: int) -> int:
    if len(digits) != wanted or not re.fullmatch("[0-9A-F]+", digits):
        raise KeyBlockError(f"{_FIELD} {name}", f"its length {digits!r} is not {wanted} hex digits")
    return int(digits, 16)
