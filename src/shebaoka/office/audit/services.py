"""The only writer of the chains."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from shebaoka.journal.record import Record, next_record, read_record
from shebaoka.office.audit.models import Chain
from shebaoka.office.base.ids import new_id

_ADD = """
WITH row AS (
    INSERT INTO audit_row (id, chain_id, sequence, at, act, actor, subject, line)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
)
UPDATE audit_chain SET sequence = %s, last = %s WHERE code = %s
"""


def append(
    chain: str,
    act: str,
    *,
    at: datetime,
    persons: Mapping[str, str],
    subject: str = "",
    data: Mapping[str, Any] | None = None,
) -> Record:
    """One record at the end of an organization's chain, in the caller's transaction.

    Call it last: it locks the chain until the transaction ends. ``chain``: the organization's code;
    ``persons``: who, by role, as staff numbers, among them ``actor``. Raises JournalError for data that has
    no canonical form."""
    if not connection.in_atomic_block:
        raise RuntimeError("an audit row belongs to the transaction of what it records")
    if subject:
        data = {"subject": subject, **(data or {})}
    with connection.cursor() as cursor:
        last = _last(cursor, chain)
        record = next_record(last, chain, act, time=at, persons=persons, data=data)
        line = record.line().decode()
        cursor.execute(
            _ADD,
            [
                new_id(),
                chain,
                record.sequence,
                at,
                act,
                persons["actor"],
                subject,
                line,
                record.sequence,
                line,
                chain,
            ],
        )
    return record


def _last(cursor: Any, chain: str) -> Record | None:
    """The chain's last record, its row locked; a chain is begun when there is none."""
    query = f"SELECT last FROM {Chain._meta.db_table} WHERE code = %s FOR UPDATE"  # noqa: S608 - a constant
    cursor.execute(query, [chain])
    row = cursor.fetchone()
    if row is None:
        cursor.execute(
            "INSERT INTO audit_chain (code, sequence, last) VALUES (%s, 0, '') ON CONFLICT DO NOTHING",
            [chain],
        )
        cursor.execute(query, [chain])
        row = cursor.fetchone()
    return read_record(row[0].encode()) if row[0] else None
