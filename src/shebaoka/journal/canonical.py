"""Canonical form: one value, one sequence of bytes, so that a hash over it means the value.

JSON in UTF-8 without spaces; object members sorted by code point (the order of their UTF-8 bytes); only
``"``, ``\\`` and the characters below U+0020 are escaped, with the short forms where JSON has them; integers
in ±(2^53 - 1), so that every JSON reader keeps them exact; no floats: amounts are integers, the rest text.
A date is ``2026-03-01``; a time is in UTC, ``2026-03-01T01:30:00Z``, with six decimals only when there are
microseconds. Text is kept as it is given: no Unicode normalization.
"""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

VERSION = 1
"""Version of the canonical form and of the record made from it. A change of either is another version."""

_LARGEST = 2**53 - 1
_DEEPEST = 16


class JournalError(ValueError):
    """A value, record or file the journal refuses: one line that says what, where, and what to do."""


def canonical(value: object) -> bytes:
    """The bytes of a value of None, bool, int, str, date, datetime with a zone, list, tuple, or mapping.

    Raises JournalError naming the place for anything else, among it floats and bytes.

    >>> canonical({"b": [1, None], "a": "社保"}).decode()
    '{"a":"社保","b":[1,null]}'
    """
    try:
        text = json.dumps(
            _plain(value, "value", 0), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        return text.encode()
    except UnicodeEncodeError:
        raise JournalError("the value holds half of a surrogate pair, which is no character") from None


def instant(time: datetime) -> str:
    """A point in time in its one form, UTC. Raises JournalError for a time without a zone."""
    if time.tzinfo is None:
        raise JournalError(f"the time {time.isoformat()} has no zone; give it one")
    exact = "microseconds" if time.microsecond else "seconds"
    return time.astimezone(UTC).replace(tzinfo=None).isoformat(timespec=exact) + "Z"


def parse(line: bytes) -> Any:
    """The value of canonical bytes. Raises JournalError when they are not the canonical form of a value."""
    try:
        value = json.loads(line, parse_float=_no_float, parse_constant=_no_float)
    except (ValueError, RecursionError):
        raise JournalError("is not JSON as the journal writes it") from None
    if canonical(value) != line:
        raise JournalError("is not in canonical form")
    return value


def _no_float(text: str) -> None:
    raise ValueError(text)


def _plain(value: object, place: str, depth: int) -> object:
    if depth > _DEEPEST:
        raise JournalError(f"{place[:60]}...: nested deeper than {_DEEPEST}")
    match value:
        case None | bool() | str():
            return value
        case int():
            if abs(value) > _LARGEST:
                raise JournalError(f"{place}: the number is beyond 2^53 - 1; write it as text")
            return int(value)
        case datetime():
            return instant(value)
        case date():
            return value.isoformat()
        case list() | tuple():
            return [_plain(each, f"{place}[{number}]", depth + 1) for number, each in enumerate(value)]
        case Mapping():
            return {
                _name(key, place): _plain(each, f"{place}.{key}", depth + 1) for key, each in value.items()
            }
    raise JournalError(
        f"{place}: a {type(value).__name__} has no canonical form; use text, whole numbers, dates or lists"
    )


def _name(key: object, place: str) -> str:
    if not isinstance(key, str):
        raise JournalError(f"{place}: the name of a member is text, not {type(key).__name__}")
    return str(key)
