"""A record of a chain: what was done, when, by whom, and the hash of the record before it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from shebaoka.journal.canonical import VERSION, JournalError, canonical, instant, parse

NOTHING_BEFORE = "0" * 64
"""The previous hash of the first record of a chain."""

_FIELDS = frozenset(("version", "chain", "sequence", "time", "act", "persons", "data", "previous", "hash"))
_HASH = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Record:
    """One act. ``chain``: id of the chain; ``sequence`` from 1; ``time``: UTC in its one written form;
    ``persons``: who, by role; ``previous``: hash of the record before; ``hash``: SHA-256 over the canonical
    form of all other fields, 64 hex digits."""

    version: int
    chain: str
    sequence: int
    time: str
    act: str
    persons: Mapping[str, str]
    data: Mapping[str, Any]
    previous: str
    hash: str

    def line(self) -> bytes:
        """The record as it stands in a file, without the line end."""
        return canonical({**self._body(), "hash": self.hash})

    @property
    def intact(self) -> bool:
        """Whether the hash is that of the content."""
        return self.hash == _hash(self._body())

    @property
    def at(self) -> datetime:
        """The time."""
        return datetime.fromisoformat(self.time)

    def _body(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _FIELDS - {"hash"}}


def next_record(
    last: Record | None,
    chain: str,
    act: str,
    *,
    time: datetime,
    persons: Mapping[str, str] | None = None,
    data: Mapping[str, Any] | None = None,
) -> Record:
    """The record after ``last`` (None: the first of its chain). Raises JournalError for another chain's
    ``last``, and for what has no canonical form."""
    if last is not None and last.chain != chain:
        raise JournalError(f"a record of the chain {chain} cannot follow one of {last.chain}")
    body = {
        "version": VERSION,
        "chain": chain,
        "sequence": 1 if last is None else last.sequence + 1,
        "time": instant(time),
        "act": act,
        "persons": dict(persons or {}),
        "data": dict(data or {}),
        "previous": NOTHING_BEFORE if last is None else last.hash,
    }
    # through its written form, so that the record is what a reader of the file will see
    return read_record(canonical({**body, "hash": _hash(body)}))


def frame(
    chain: str,
    act: str,
    *,
    time: datetime,
    persons: Mapping[str, str],
    data: Mapping[str, Any],
) -> tuple[str, str, str]:
    """The line of a record around what only its place in the chain gives, for a database that puts it there:

    ``begin + '"hash":"' + hash + '",' + middle + '"previous":"' + previous + '","sequence":' + number + end``

    The hash is over the same without its member. Raises JournalError for what has no canonical form."""
    begin = canonical({"act": act, "chain": chain, "data": data}).decode()[:-1] + ","
    middle = canonical({"persons": persons}).decode()[1:-1] + ","
    end = "," + canonical({"time": instant(time), "version": VERSION}).decode()[1:]
    return begin, middle, end


def read_record(line: bytes) -> Record:
    """The record of a line, its hash not yet checked. Raises JournalError when the line is none."""
    value = parse(line)
    if not isinstance(value, dict) or value.keys() != _FIELDS:
        raise JournalError("is not a record of a journal")
    if value["version"] != VERSION:
        raise JournalError(f"is of version {value['version']!r}; this program reads version {VERSION}")
    texts = [value[name] for name in ("chain", "time", "act", "previous", "hash")]
    sequence, persons = value["sequence"], value["persons"]
    sound = (
        all(isinstance(text, str) for text in texts)
        and type(sequence) is int
        and sequence >= 1
        and isinstance(persons, dict)
        and all(isinstance(person, str) for person in persons.values())
        and isinstance(value["data"], dict)
        and _HASH.fullmatch(value["previous"])
        and _HASH.fullmatch(value["hash"])
        and _is_instant(value["time"])
    )
    if not sound:
        raise JournalError("is not a record of a journal")
    return Record(**value)


def _is_instant(text: str) -> bool:
    try:
        return instant(datetime.fromisoformat(text)) == text
    except (ValueError, OverflowError):
        return False


def _hash(body: Mapping[str, Any]) -> str:
    return sha256(canonical(body)).hexdigest()
