"""Values of card items as text of the interface: GBK text, digits, dates ``YYYYMMDD``; all else in hex."""

import re

from shebaoka.codec.digits import decode_cn
from shebaoka.codec.items import decode_value
from shebaoka.codec.text import TextError, decode_an, encode_gbk
from shebaoka.codec.values import Value
from shebaoka.driver.errors import CHARACTER, LENGTH, DriverError
from shebaoka.spec.model import Item, ItemType, Meaning

_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})*")


def to_text(item: Item, raw: bytes) -> str:
    """The value bytes ``raw`` of ``item``; amounts of digits as the card has them; what is not of the item's
    form in hex."""
    try:
        if _is_text(item):
            return decode_an(raw)
        if _is_digits(item):
            return decode_cn(raw)
    except ValueError:
        pass
    return raw.hex().upper()


def to_value(item: Item, text: str) -> Value:
    """The inverse, for writing; an empty text empties the item. Raises DriverError -41 for a character the
    item cannot hold and -42 for a value that is too long."""
    place = f"({item.tag:02X})"
    if _is_text(item):
        try:
            size = len(encode_gbk(text))
        except TextError:
            raise DriverError(CHARACTER, place) from None
        if size > item.length:
            raise DriverError(LENGTH, place)
        return text
    if _is_digits(item):
        if not (text.isascii() and text.isdigit()) and text:
            raise DriverError(CHARACTER, place)
        if len(text) > 2 * item.length:
            raise DriverError(LENGTH, place)
        amount = item.meaning in (Meaning.AMOUNT, Meaning.NUMBER)
        return (int(text) if text else None) if amount else text
    return _binary(item, text, place)


def _binary(item: Item, text: str, place: str) -> Value:
    if not _HEX.fullmatch(text):
        raise DriverError(CHARACTER, place)
    raw = bytes.fromhex(text)
    if len(raw) > item.length:
        raise DriverError(LENGTH, place)
    if not raw:
        return None
    try:
        return decode_value(item, raw)
    except ValueError:
        raise DriverError(CHARACTER, place) from None


def _is_text(item: Item) -> bool:
    return item.type is ItemType.AN and item.meaning is not Meaning.BYTES


def _is_digits(item: Item) -> bool:
    return item.type is ItemType.CN and item.meaning is not Meaning.BYTES
