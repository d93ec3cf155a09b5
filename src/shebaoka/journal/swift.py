"""Lines that surely hold, told quickly: the verifier of millions of rows.

What this accepts, the careful reading of :mod:`record` accepts too; whatever it is not sure of it leaves to
that one. ``None`` therefore means "look closely", never "wrong"."""

import re
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

from shebaoka.journal.canonical import VERSION

_TIME = re.compile(r"(\d{4}-\d\d-\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{6})?Z", re.ASCII)
_HASH = b'"hash":"'
_LARGEST = 2**53 - 1
_DEEPEST = 16
_LONGEST = 64 * 1024


class _Shape(msgspec.Struct, forbid_unknown_fields=True):
    act: str
    chain: str
    data: dict[str, Any]
    hash: str
    persons: dict[str, str]
    previous: str
    sequence: int
    time: str
    version: int


class Glimpse(NamedTuple):
    """What a chain is made of."""

    chain: str
    sequence: int
    previous: str
    hash: str
    time: str


_decode = msgspec.json.Decoder(_Shape).decode
_encode = msgspec.json.Encoder(order="sorted").encode


def glimpse(line: bytes) -> Glimpse | None:
    """The place of an intact record in canonical form, or None for a line to be looked at closely. That
    ``previous`` is a hash at all shows when it is compared with the one of the record before."""
    if len(line) > _LONGEST:
        return None
    try:
        seen = _decode(line)
    except (msgspec.MsgspecError, UnicodeError):
        return None
    if (
        _encode(seen) != line
        or seen.version != VERSION
        or not 1 <= seen.sequence <= _LARGEST
        or not _plain(seen.data, 1)
        or not _sound_time(seen.time)
    ):
        return None
    # a member ``hash`` inside of ``data`` would be found first: then the hash does not fit, and a closer
    # look decides
    place = line.find(_HASH)
    if sha256(line[:place] + line[place + len(_HASH) + 66 :]).hexdigest() != seen.hash:
        return None
    return Glimpse(seen.chain, seen.sequence, seen.previous, seen.hash, seen.time)


def _plain(value: Any, depth: int) -> bool:
    """Whether the canonical form has such a value: no fractions, no numbers beyond 2^53 - 1."""
    if depth >= _DEEPEST:
        return False
    for each in value.values() if type(value) is dict else value:
        kind = type(each)
        if kind is str or kind is bool or each is None:
            continue
        if kind is int:
            if not -_LARGEST <= each <= _LARGEST:
                return False
        elif (kind is not dict and kind is not list) or not _plain(each, depth + 1):
            return False
    return True


def _sound_time(text: str) -> bool:
    found = _TIME.fullmatch(text)
    return found is not None and found[2] != ".000000" and _is_day(found[1])


@lru_cache(maxsize=4096)
def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
