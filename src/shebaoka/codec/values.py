"""Values of single data elements: an encoder and a decoder per type and meaning (V2 §7).

An encoder is strict: what it lets pass is well-formed (real dates, exact length). A decoder takes what cards
in the field hold as long as the bytes have the type's form, so that a wrong date can be shown.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import TypeAlias

from shebaoka.codec.digits import decode_cn, encode_cn
from shebaoka.codec.text import decode_an, encode_an
from shebaoka.spec.model import Item, ItemType, Meaning

Value: TypeAlias = str | int | bytes | Mapping[str, "Value"] | None
"""Text, digits, codes and dates (YYYYMMDD, YYYYMM, YYYYMMDDhhmmss) are str; amounts (fen) and counters int;
b items bytes; B-TLV a mapping from inner tag in hex to value. None or "" is the empty item."""

Encoder: TypeAlias = Callable[[Value], bytes]
Decoder: TypeAlias = Callable[[bytes], Value]

_INTEGERS = (Meaning.AMOUNT, Meaning.NUMBER)
_CALENDAR = {Meaning.DATE: "%Y%m%d", Meaning.MONTH: "%Y%m", Meaning.TIME: "%Y%m%d%H%M%S"}
_CALENDAR_BYTES = {Meaning.DATE: 4, Meaning.MONTH: 3, Meaning.TIME: 7, Meaning.REGION: 3}


def element_encoder(item: Item) -> Encoder:
    """The encoder of an item without children. Raises ValueError when meaning and length do not fit."""
    length, meaning = item.length, item.meaning
    if item.type is ItemType.AN:
        return _raw_encoder(length) if meaning is Meaning.BYTES else _text_encoder(length)
    if item.type is ItemType.B:
        return _binary_number_encoder(length) if meaning in _INTEGERS else _raw_encoder(length)
    if meaning in _INTEGERS:
        return _packed_number_encoder(length)
    if meaning is Meaning.BYTES:
        return _raw_encoder(length, fill=b"\xff")
    needed = _CALENDAR_BYTES.get(meaning, length)
    if needed != length:
        raise ValueError(f"a {meaning.value} has {needed} bytes, not {length}")
    if meaning in _CALENDAR:
        return _calendar_encoder(length, meaning)
    return _digits_encoder(length, exact=meaning is Meaning.REGION)


def element_decoder(item: Item) -> Decoder:
    """The decoder of an item without children."""
    meaning = item.meaning
    if item.type is ItemType.AN:
        return bytes if meaning is Meaning.BYTES else decode_an
    if item.type is ItemType.B:
        return int.from_bytes if meaning in _INTEGERS else bytes
    if meaning in _INTEGERS:
        return _decode_packed_number
    return _decode_packed_bytes if meaning is Meaning.BYTES else decode_cn


def _text_encoder(length: int) -> Encoder:
    def encode(value: Value) -> bytes:
        if value.__class__ is str and value.isprintable():
            try:
                data = value.encode("gbk")
            except UnicodeEncodeError:
                return encode_an(value, length)
            if len(data) <= length:
                return data.ljust(length, b"\x00")
        return encode_an(_text(value), length)

    return encode


def _digits_encoder(length: int, *, exact: bool) -> Encoder:
    digits = 2 * length
    least = digits if exact else 0

    def encode(value: Value) -> bytes:
        text = _text(value)
        if text.isascii() and text.isdigit() and least <= len(text) <= digits:
            return bytes.fromhex(text.ljust(digits, "f"))
        if exact and text and len(text) != digits:
            raise ValueError(f"{digits} digits are needed, not {len(text)}")
        return encode_cn(text, length)

    return encode


def _calendar_encoder(length: int, meaning: Meaning) -> Encoder:
    form, digits, blank = _CALENDAR[meaning], 2 * length, b"\xff" * length

    @lru_cache(maxsize=4096)
    def pack(text: str) -> bytes:
        packed = encode_cn(text, length)
        try:
            real = len(text) == digits and datetime.strptime(text, form)
        except ValueError:
            real = False
        if not real:
            raise ValueError(f"a real {meaning.value} of {digits} digits is needed")
        return packed

    def encode(value: Value) -> bytes:
        text = _text(value)
        return pack(text) if text else blank

    return encode


def _packed_number_encoder(length: int) -> Encoder:
    limit, form, blank = 100**length, f"0{2 * length}d", b"\xff" * length

    def encode(value: Value) -> bytes:
        return blank if value is None else bytes.fromhex(format(_number(value, limit), form))

    return encode


def _binary_number_encoder(length: int) -> Encoder:
    limit = 256**length

    def encode(value: Value) -> bytes:
        return bytes(length) if value is None else _number(value, limit).to_bytes(length)

    return encode


def _raw_encoder(length: int, fill: bytes = b"\x00") -> Encoder:
    def encode(value: Value) -> bytes:
        data = bytes.fromhex(value) if isinstance(value, str) else b"" if value is None else value
        if not isinstance(data, bytes):
            raise ValueError(f"bytes or hex text are needed, not {_kind(data)}")  # noqa: TRY004
        if len(data) > length:
            raise ValueError(f"{len(data)} bytes are too many: {length} fit")
        return data.ljust(length, fill)

    return encode


def _decode_packed_number(data: bytes) -> int | None:
    digits = decode_cn(data)
    return int(digits) if digits else None


def _decode_packed_bytes(data: bytes) -> str:
    return data.hex().upper()


def _text(value: Value) -> str:
    if value.__class__ is str:
        return value
    if value is None:
        return ""
    raise ValueError(f"text is needed, not {_kind(value)}")


def _number(value: Value, limit: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"a whole number is needed, not {_kind(value)}")  # noqa: TRY004
    if not 0 <= value < limit:
        raise ValueError(f"the number must be 0 to {limit - 1}")
    return value


def _kind(value: object) -> str:
    return "a template" if isinstance(value, Mapping) else type(value).__name__
