"""Checkpoints over many chains: where each of them ended at a time, in a chain of their own, to be signed.

A chain of records that was cut off or made anew from some place on fits together again; the signature over
its end at an earlier time does not. A checkpoint names the chains that grew since the one before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from shebaoka.journal.canonical import VERSION, JournalError, canonical, instant, parse
from shebaoka.journal.record import NOTHING_BEFORE

_FIELDS = frozenset(("version", "number", "time", "previous", "heads"))
_DIGITS = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: number and hash of its last record."""

    sequence: int
    hash: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """``number`` from 1; ``previous``: hash of the checkpoint before; ``heads`` by chain."""

    number: int
    time: str
    previous: str
    heads: Mapping[str, Head]

    def content(self) -> bytes:
        """What is signed."""
        heads = {chain: [head.sequence, head.hash] for chain, head in self.heads.items()}
        return canonical(
            {
                "version": VERSION,
                "number": self.number,
                "time": self.time,
                "previous": self.previous,
                "heads": heads,
            }
        )

    @property
    def hash(self) -> str:
        """SHA-256 of what is signed, 64 hex digits: to be written down somewhere else."""
        return sha256(self.content()).hexdigest()


def next_checkpoint(last: Checkpoint | None, heads: Mapping[str, Head], *, time: datetime) -> Checkpoint:
    """The checkpoint after ``last``."""
    if last is None:
        return Checkpoint(1, instant(time), NOTHING_BEFORE, dict(heads))
    return Checkpoint(last.number + 1, instant(time), last.hash, dict(heads))


def read_checkpoint(content: bytes) -> Checkpoint:
    """The checkpoint of what was signed. Raises JournalError."""
    value: Any = parse(content)
    if not isinstance(value, dict) or value.keys() != _FIELDS or value["version"] != VERSION:
        raise JournalError("is not a checkpoint")
    number, heads = value["number"], value["heads"]
    if type(number) is not int or number < 1 or not isinstance(heads, dict):
        raise JournalError("is not a checkpoint")
    if not isinstance(value["time"], str) or not _is_hash(value["previous"]):
        raise JournalError("is not a checkpoint")
    return Checkpoint(
        number, value["time"], value["previous"], {chain: _head(each) for chain, each in heads.items()}
    )


def _head(value: object) -> Head:
    match value:
        case [int(sequence), str(hash_)] if sequence >= 1 and _is_hash(hash_):
            return Head(sequence, hash_)
    raise JournalError("is not a checkpoint")


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and len(value) == len(NOTHING_BEFORE) and _DIGITS.issuperset(value)
