"""The ends of the audit chains as a backup notes them, and the proof that the chains still lead there."""

from collections.abc import Mapping
from typing import Any

import psycopg

from shebaoka.journal.canonical import JournalError
from shebaoka.journal.record import NOTHING_BEFORE, read_record
from shebaoka.office.keeping.manifest import ChainEnd
from shebaoka.office.keeping.programs import KeepingError

_AT_ONCE = 2000
_ENDS = "SELECT DISTINCT ON (chain_id) chain_id, line FROM audit_row ORDER BY chain_id, sequence DESC"
_LINES = "SELECT line FROM audit_row WHERE chain_id = %s ORDER BY sequence"


def chain_ends(connection: psycopg.Connection[Any]) -> dict[str, ChainEnd]:
    """The last record of every chain, as this transaction sees it."""
    ends = {}
    for code, line in connection.execute(_ENDS):
        record = read_record(line.encode())
        ends[code] = ChainEnd(record.sequence, record.hash)
    return ends


def prove(connection: psycopg.Connection[Any], expected: Mapping[str, ChainEnd] | None = None) -> int:
    """Follows every chain from its first record to its last; gives the number of records. ``expected``: the
    ends that a backup noted, which must be these. Raises KeepingError naming chain and record."""
    found = chain_ends(connection)
    if expected is not None and found != dict(expected):
        different = sorted(
            code for code in found.keys() | expected.keys() if found.get(code) != expected.get(code)
        )
        raise KeepingError(f"audit chains end elsewhere than the backup says: {', '.join(different)}")
    return sum(_follow(connection, code) for code in found)


def _follow(connection: psycopg.Connection[Any], code: str) -> int:
    before, number = NOTHING_BEFORE, 0
    with connection.cursor(name="lines") as cursor:
        cursor.itersize = _AT_ONCE
        cursor.execute(_LINES, [code])
        for (line,) in cursor:
            number += 1
            try:
                record = read_record(line.encode())
            except JournalError:
                raise KeepingError(f"audit chain {code}: record {number} is no record") from None
            if not record.intact or record.sequence != number or record.previous != before:
                raise KeepingError(f"audit chain {code}: record {number} was changed, removed or inserted")
            before = record.hash
    return number
