"""Data items, records and cyclic records by their layout (V2 §7, T9).

A record of a variable or fixed file is ``tag ‖ length ‖ value`` with one item (decision K37); a record of a
cyclic file is its fields without tags. A B-TLV item holds its children as ``tag ‖ length ‖ value`` in order.
"""

from collections.abc import Mapping
from functools import lru_cache

from shebaoka.codec import tlv
from shebaoka.codec.values import Decoder, Encoder, Value, element_decoder, element_encoder
from shebaoka.spec.model import FileLayout, Item, ItemType, Structure

__all__ = [
    "ItemError",
    "RecordError",
    "Value",
    "compile_cyclic",
    "compile_item",
    "compile_record",
    "decode_cyclic",
    "decode_record",
    "decode_value",
    "encode_cyclic",
    "encode_record",
    "encode_value",
]


class ItemError(ValueError):
    """A value that an item cannot hold, or bytes that are none of it. ``__cause__`` tells why in detail,
    for example :class:`shebaoka.codec.text.UnencodableError` with character and position."""

    def __init__(self, item: Item, reason: str) -> None:
        self.item = item
        self.reason = reason
        tag = f"{item.tag:02X} " if item.tag else ""
        super().__init__(f"item {tag}{item.name.zh} ({item.name.en}): {reason}")


class RecordError(ValueError):
    """A record that does not belong to its file."""


@lru_cache(maxsize=4096)
def compile_item(item: Item) -> Encoder:
    """A function from a value of ``item`` to exactly ``item.length`` bytes; it raises ItemError. Compile
    once, encode millions of times. Raises ItemError now when the item itself is inconsistent.
    """
    return _explaining(item, b"")


@lru_cache(maxsize=4096)
def compile_record(item: Item) -> Encoder:
    """Like :func:`compile_item` for the whole record ``tag ‖ length ‖ value``."""
    if not 1 <= item.tag <= 0xFF:
        raise ItemError(item, f"a record needs a tag from 01 to FF, not {item.tag:02X}")
    if item.length > 0xFF:
        raise ItemError(item, f"a record holds at most 255 bytes, not {item.length}")
    return _explaining(item, bytes((item.tag, item.length)))


@lru_cache(maxsize=1024)
def compile_cyclic(file: FileLayout) -> Encoder:
    """A function from a mapping (English or Chinese field name -> value) to a record of a cyclic file."""
    if file.structure is not Structure.CYCLIC:
        raise RecordError(f"{file.id} {file.name.en} is not a cyclic file")
    fields = [(item.name.en, item.name.zh, compile_item(item)) for item in file.items]
    known = frozenset(name for en, zh, _ in fields for name in (en, zh))

    def encode(value: Value) -> bytes:
        if not isinstance(value, Mapping):
            raise RecordError(f"{file.id} {file.name.en}: a record is given by its fields")
        if not known.issuperset(value):
            unknown = next(name for name in value if name not in known)
            raise RecordError(f"{file.id} {file.name.en}: there is no field {unknown!r}")
        return b"".join([field(value[en] if en in value else value.get(zh)) for en, zh, field in fields])

    return encode


def encode_value(item: Item, value: Value) -> bytes:
    """The ``item.length`` bytes of ``value``. Raises ItemError."""
    return compile_item(item)(value)


def encode_record(item: Item, value: Value) -> bytes:
    """``tag ‖ length ‖ value``. Raises ItemError."""
    return compile_record(item)(value)


def encode_cyclic(file: FileLayout, fields: Mapping[str, Value]) -> bytes:
    """A record of a cyclic file from its fields by English or Chinese name; a field left out is empty.
    Raises ItemError, RecordError for a name the file does not have."""
    return compile_cyclic(file)(fields)


def decode_value(item: Item, data: bytes) -> Value:
    """The value in ``data``. Raises ItemError when the bytes do not have the form of the item's type."""
    try:
        return _decoder(item)(data)
    except ItemError:
        raise
    except ValueError as error:
        raise ItemError(item, str(error)) from error


def decode_record(file: FileLayout, raw: bytes) -> tuple[Item, Value]:
    """The item of ``file`` that a record holds and its value. Raises RecordError for bytes that are not one
    ``tag ‖ length ‖ value`` and for a tag the file does not have, ItemError for the value."""
    item, data = split_record(file, raw)
    return item, decode_value(item, data)


def split_record(file: FileLayout, raw: bytes) -> tuple[Item, bytes]:
    """The item of ``file`` that a record holds and the bytes of its value. Raises RecordError."""
    try:
        [(tag, data)] = tlv.parse(raw)
    except ValueError as error:
        reason = str(error) if isinstance(error, tlv.TlvError) else "it is not one tag, length and value"
        raise RecordError(f"record of {file.id} {file.name.en}: {reason}") from None
    for item in file.items:
        if item.tag == tag:
            return item, data
    raise RecordError(f"{file.id} {file.name.en} has no item with tag {tag:02X}")


def decode_cyclic(file: FileLayout, raw: bytes) -> dict[str, Value]:
    """The fields of a record by English name. A shorter record that ends between two fields is taken: the
    medical log in account-only mode has 20 of 28 bytes (Part 7 §12). Raises RecordError, ItemError."""
    fields: dict[str, Value] = {}
    offset = 0
    for item in file.items:
        if offset == len(raw):
            break
        data = raw[offset : offset + item.length]
        if len(data) != item.length:
            raise RecordError(f"record of {file.id} {file.name.en}: it ends inside {item.name.en}")
        fields[item.name.en] = decode_value(item, data)
        offset += item.length
    if offset != len(raw):
        raise RecordError(f"record of {file.id} {file.name.en}: {len(raw) - offset} bytes too many")
    return fields


def _explaining(item: Item, head: bytes) -> Encoder:
    """An encoder of ``head`` and value that names the item in its errors; flat, for it is the hot path."""
    try:
        encode = _template_encoder(item) if item.type is ItemType.BTLV else element_encoder(item)
    except ValueError as error:
        raise ItemError(item, str(error)) from error

    def encode_or_explain(value: Value) -> bytes:
        try:
            return head + encode(value)
        except ValueError as error:
            raise ItemError(item, str(error)) from error

    return encode_or_explain


@lru_cache(maxsize=4096)
def _decoder(item: Item) -> Decoder:
    return _template_decoder(item) if item.type is ItemType.BTLV else element_decoder(item)


def _template_encoder(item: Item) -> Encoder:
    parts = [(f"{child.tag:02X}", compile_record(child)) for child in item.children]
    size = sum(2 + child.length for child in item.children)
    if size != item.length:
        raise ValueError(f"its children need {size} bytes with tags and lengths, it has {item.length}")
    known = frozenset(tag for tag, _ in parts)

    def encode(value: Value) -> bytes:
        children = {} if value is None else value
        if not isinstance(children, Mapping):
            raise ValueError("a template is given by its inner tags")  # noqa: TRY004
        if not known.issuperset(children):
            unknown = next(tag for tag in children if tag not in known)
            raise ValueError(f"there is no inner tag {unknown!r}")
        return b"".join([part(children.get(tag)) for tag, part in parts])

    return encode


def _template_decoder(item: Item) -> Decoder:
    children = {child.tag: child for child in item.children}

    def decode(data: bytes) -> Value:
        if not data.strip(b"\x00") or not data.strip(b"\xff"):  # space reserved, never written
            return {}
        values: dict[str, Value] = {}
        for tag, value in tlv.parse(data):
            if tag not in children:
                raise ValueError(f"there is no inner tag {tag:02X}")
            values[f"{tag:02X}"] = decode_value(children[tag], value)
        return values

    return decode
