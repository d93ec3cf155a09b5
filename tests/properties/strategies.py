"""Hypothesis strategies for values that the items of a card can hold; each is made once, which takes long."""

from contextlib import suppress
from datetime import date, datetime
from functools import cache

from hypothesis import strategies as st

from shebaoka.codec.values import Value
from shebaoka.spec.model import Item, ItemType, Meaning

# Characters of GBK: ASCII, then the two-byte area as the standard library knows it.
_GBK = [chr(code) for code in range(0x20, 0x7F)]
for _lead in range(0x81, 0xFF, 5):
    for _trail in range(0x40, 0xFF, 3):
        with suppress(UnicodeDecodeError):
            _GBK.append(bytes((_lead, _trail)).decode("gbk"))
_GBK_SIZE = {character: len(character.encode("gbk")) for character in _GBK}
_REGION = st.text("0123456789", min_size=6, max_size=6)


@cache
def gbk_text(size: int) -> st.SearchStrategy[str]:
    """Text that needs at most ``size`` bytes in GBK."""

    def cut(text: str) -> str:
        used = 0
        for position, character in enumerate(text):
            used += _GBK_SIZE[character]
            if used > size:
                return text[:position]
        return text

    return st.text(st.sampled_from(_GBK), max_size=size).map(cut)


@cache
def digits(size: int) -> st.SearchStrategy[str]:
    """At most ``size`` decimal digits."""
    return st.text("0123456789", max_size=size)


@cache
def values(item: Item) -> st.SearchStrategy[Value]:
    """Values of an item that come back from its bytes unchanged."""
    length, meaning = item.length, item.meaning
    if item.type is ItemType.BTLV:
        return st.fixed_dictionaries({f"{child.tag:02X}": values(child) for child in item.children})
    if meaning in (Meaning.AMOUNT, Meaning.NUMBER):
        packed = item.type is ItemType.CN
        numbers = st.integers(0, (100 if packed else 256) ** length - 1)
        return st.none() | numbers if packed else numbers
    if item.type is ItemType.B or (item.type is ItemType.AN and meaning is Meaning.BYTES):
        return st.binary(min_size=length, max_size=length)
    if item.type is ItemType.AN:
        return gbk_text(length)
    return _packed(length, meaning)


def _packed(length: int, meaning: Meaning) -> st.SearchStrategy[Value]:
    if meaning is Meaning.BYTES:
        return st.binary(min_size=length, max_size=length).map(lambda data: data.hex().upper())
    if meaning in (Meaning.DATE, Meaning.MONTH):
        days = st.dates(date(1000, 1, 1)).map(lambda day: day.strftime("%Y%m%d")[: 2 * length])
        return st.just("") | days
    if meaning is Meaning.TIME:
        return st.just("") | st.datetimes(datetime(1000, 1, 1)).map(lambda t: t.strftime("%Y%m%d%H%M%S"))
    if meaning is Meaning.REGION:
        return st.just("") | _REGION
    return digits(2 * length)
