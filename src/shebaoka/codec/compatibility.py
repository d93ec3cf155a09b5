"""Tags that changed their meaning between the first and the second generation (V2 App C).

A first-generation card rewritten with a new meaning marks it: the value is filled with ``EE`` on the right up
to the old length. A value that ends in ``EE`` has the new meaning and length, any other the old one. Tags
whose length stayed follow a partner in the same file that carries the mark. Cards of generation 2.0 and later
have new meanings only.

Where the new value is as long as the old one or longer (4B, 4F) one byte ``EE`` follows it: the rule for
reading names the last byte, and a variable record can grow.
"""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from shebaoka.codec.items import RecordError, Value, decode_value, encode_value
from shebaoka.spec.layouts import card_layout
from shebaoka.spec.model import Item, ItemType, Meaning, Text

_MARK = b"\xee"

# (directory, file) -> tag -> tag whose mark decides; the tag itself when it carries the mark.
_REUSED: dict[tuple[str, int], dict[int, int]] = {
    ("DF01", 0xEF09): {0x32: 0x32},
    ("DF01", 0xEF0A): {0x37: 0x37, 0x38: 0x38, 0x39: 0x38},
    ("DF02", 0xEF06): {0x4B: 0x4B, 0x4D: 0x4D, 0x4F: 0x4F, 0x50: 0x50},
    ("DF02", 0xEF09): {0x55: 0x55, 0x56: 0x55, 0x96: 0x55, 0x97: 0x97},
    ("DF03", 0xEF05): {0x61: 0x61},
    ("DF03", 0xEF07): {0x6F: 0x71, 0x70: 0x71, 0x71: 0x71},
    ("DF04", 0xEF05): {0x81: 0x81, 0x84: 0x84, 0x87: 0x87},
    ("DF04", 0xEF06): {0x90: 0x90, 0x92: 0x90, 0x93: 0x93},
}

# The migrant worker file of LB 002-2000, which Part 6 no longer has.
_MIGRANT_WORKER = {
    0x55: Item(
        0x55, Text("外来人员就业证编号", "Migrant work permit number"), ItemType.CN, 0x0A, Meaning.DIGITS
    ),
    0x56: Item(0x56, Text("就业证签发机关", "Work permit issued by"), ItemType.AN, 0x46),
    0x96: Item(
        0x96, Text("就业证签发/年检日期", "Work permit issued or inspected"), ItemType.CN, 0x04, Meaning.DATE
    ),
    0x97: Item(0x97, Text("就业证有效期", "Work permit valid until"), ItemType.CN, 0x04, Meaning.DATE),
}

# New cards hold 55 as an of 16 bytes, longer than the old item; rewritten ones as cn of 8 (decision K67).
_REWRITTEN_55 = Item(
    0x55, Text("就业失业登记证编号", "Certificate number"), ItemType.CN, 0x08, Meaning.DIGITS
)


class Reading(NamedTuple):
    """What a record means: the item whose meaning it has, and the value."""

    item: Item
    value: Value


def is_first_generation(version: str) -> bool:
    """Whether a card of this version (item 03 of SSSE EF05) may hold old meanings: empty or ``1.``..."""
    return not version or version.startswith("1.")


def is_reused(directory: str, fid: int, tag: int) -> bool:
    """Whether ``tag`` of the file ``fid`` in ``directory`` (``DF01``...) has an old and a new meaning."""
    return tag in _REUSED.get((directory, fid), ())


def decode_first_generation(
    directory: str, fid: int, tag: int, data: bytes, others: Mapping[int, bytes]
) -> Reading:
    """What the value bytes ``data`` of ``tag`` mean on a first-generation card. ``others``: the value bytes
    of the other records of the file by tag, for tags that follow a partner.

    Raises RecordError for a tag the file never had, ItemError for bytes without the form of their meaning.
    """
    old, new = _old_item(directory, fid, tag), _new_item(directory, fid, tag)
    decider_tag = _REUSED.get((directory, fid), {}).get(tag)
    decider = data if decider_tag == tag else others.get(decider_tag or 0, b"")
    if new is not None and decider_tag is not None and decider.endswith(_MARK):
        return Reading(new, decode_value(new, data[: new.length]))
    item = old or new
    if item is None:
        raise RecordError(f"{directory} {fid:04X} has no item with tag {tag:02X} in any generation")
    return Reading(item, decode_value(item, data))


def encode_for_first_generation(directory: str, fid: int, tag: int, value: Value) -> bytes:
    """The value bytes that give ``tag`` its new meaning on a first-generation card, marked where App C says
    so. Raises RecordError for a tag generation 2.0 does not have, ItemError for the value."""
    new = _new_item(directory, fid, tag)
    if new is None:
        raise RecordError(f"{directory} {fid:04X} has no item with tag {tag:02X} in generation 2.0")
    data = encode_value(new, value)
    old = _old_item(directory, fid, tag)
    if old is None or _REUSED.get((directory, fid), {}).get(tag) != tag:
        return data
    return data + _MARK * max(1, old.length - new.length)


@cache
def _old_item(directory: str, fid: int, tag: int) -> Item | None:
    if (directory, fid) == ("DF02", 0xEF09):
        return _MIGRANT_WORKER.get(tag)
    return _find("1.0", directory, fid, tag)


@cache
def _new_item(directory: str, fid: int, tag: int) -> Item | None:
    if (directory, fid, tag) == ("DF02", 0xEF09, 0x55):
        return _REWRITTEN_55
    return _find("2.0", directory, fid, tag)


def _find(generation: str, directory: str, fid: int, tag: int) -> Item | None:
    for candidate in card_layout(generation).directories:
        file = candidate.file(fid) if candidate.id == directory else None
        if file is not None:
            return next((item for item in file.items if item.tag == tag), None)
    return None
