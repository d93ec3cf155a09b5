"""The only writer of the chains."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from shebaoka.journal.record import frame
from shebaoka.office.base.ids import new_id

ROOT = "000000"
"""The ministry's chain, in which the office's own notes stand."""
SYSTEM = "system"
_APPEND = "SELECT number, hash FROM audit_append(%s, %s, %s, %s, %s, %s, %s, %s, %s)"


@dataclass(frozen=True, slots=True)
class Entry:
    """The place of a record in its chain."""

    chain: str
    sequence: int
    hash: str


def append(
    chain: str,
    act: str,
    *,
    at: datetime,
    persons: Mapping[str, str],
    subject: str = "",
    data: Mapping[str, Any] | None = None,
) -> Entry:
    """One record at the end of an organization's chain, in the caller's transaction.

    Call it last: it locks the chain until the transaction ends; for more than one chain in the order of
    their codes. ``chain``: the organization's code; ``persons``: who, by role, as staff numbers, among them
    ``actor``. Raises JournalError for data that has no canonical form."""
    if not connection.in_atomic_block:
        raise RuntimeError("an audit row belongs to the transaction of what it records")
    if subject:
        data = {"subject": subject, **(data or {})}
    pieces = frame(chain, act, time=at, persons=persons, data=data or {})
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, [new_id(), chain, act, at, persons["actor"], subject, *pieces])
        return Entry(chain, *cursor.fetchone())
