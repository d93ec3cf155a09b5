"""A list as portions that the database takes in sets: read and checked without asking it anything."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from shebaoka.office.base.copying import line
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.ids import new_ids
from shebaoka.office.people.hooks import CARDS_IN_USE
from shebaoka.office.people.importing.columns import columns_of
from shebaoka.office.people.importing.rows import Incoming, RowError, RowReader
from shebaoka.office.people.subjects import checked
from shebaoka.personalization.mapping import InputForm, open_source
from shebaoka.personalization.sources import BadRow, Row

ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is read. ``young``: born after that day needs a guardian."""

    path: Path
    delimiter: str
    today: date
    young: date


@dataclass(slots=True)
class Chunk:
    """``people``, ``guardians``, ``facts``: rows for COPY; ``count``: good rows; ``remarks``, ``refused``:
    of rows, as :class:`RowError`; ``cards``: what each part that takes cards made of its columns."""

    count: int = 0
    people: bytes = b""
    guardians: bytes = b""
    facts: bytes = b""
    employers: dict[str, str] = field(default_factory=dict)
    remarks: list[tuple[int, RowError]] = field(default_factory=list)
    refused: list[tuple[int, RowError]] = field(default_factory=list)
    cards: list[Any] = field(default_factory=list)


def chunks(wanted: Wanted) -> Iterator[Chunk]:
    """All of the list. Raises Refusal ``people.list-columns``, PersonalizationError, OSError."""
    listed = open_source(wanted.path, InputForm(delimiter=wanted.delimiter))
    others = frozenset().union(*(each.columns for each in CARDS_IN_USE))
    reader = RowReader(columns_of(listed.columns, others), wanted.today, wanted.young)
    rows = iter(listed.rows())
    while part := list(islice(rows, ROWS)):
        yield _chunk(part, reader)


def _chunk(rows: Sequence[Row], reader: RowReader) -> Chunk:
    made = Chunk()
    good: list[Incoming] = []
    for each in rows:
        if isinstance(each, BadRow):
            made.refused.append((each.number, RowError("people.row-unreadable", detail=each.reason[:200])))
            continue
        number, cells = each
        try:
            incoming = reader.read(number, cells)
            if incoming.facts:
                incoming.facts = _checked(incoming.facts)
        except RowError as error:
            made.refused.append((number, error))
        else:
            good.append(incoming)
            if incoming.remark:
                made.remarks.append((number, RowError(incoming.remark, "sex")))
            if incoming.employer is not None:
                made.employers.setdefault(*incoming.employer)
    made.count = len(good)
    made.people = _lines(
        line((each.row, each.employer[0] if each.employer else "", *each.values)) for each in good
    )
    made.guardians, made.facts = _lines(_guardians(good)), _lines(_facts(good))
    cards: list[tuple[int, str, Mapping[str, str]]] = [
        (each.row, each.id, each.others or {}) for each in good
    ]
    made.cards = [intake.read(cards) for intake in CARDS_IN_USE]
    return made


def _guardians(rows: Sequence[Incoming]) -> Iterator[str]:
    ids = new_ids()
    for each in rows:
        if each.guardian is not None:
            yield line((next(ids), each.id, *each.guardian))


def _facts(rows: Sequence[Incoming]) -> Iterator[str]:
    ids = new_ids()
    for each in rows:
        subjects: dict[str, dict[str, str]] = {}
        for subject, name, text in each.facts:
            subjects.setdefault(subject, {})[name] = text
        for subject, values in subjects.items():
            yield line((next(ids), each.id, subject, json.dumps(values, ensure_ascii=False)))


def _lines(lines: Iterator[str]) -> bytes:
    return "".join(lines).encode()


def _checked(facts: tuple[tuple[str, str, str], ...]) -> tuple[tuple[str, str, str], ...]:
    kept = []
    for subject, name, text in facts:
        try:
            kept += [(subject, key, value) for key, value in checked(subject, 1, {name: text}).items()]
        except Refusal as refusal:
            raise RowError(refusal.code, f"{subject}.{name}") from None
    return tuple(kept)
