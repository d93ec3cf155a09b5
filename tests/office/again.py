"""Rows that many tests begin with: made by the ORM once in a process, then copied in as they were."""

import pickle
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import connection
from django.db.models import Model

from shebaoka.office.base.records import writing

T = TypeVar("T")
_made: dict[object, tuple[bytes, dict[str, bytes]]] = {}


def again(key: object, models: Iterable[type[Model]], make: Callable[[], T]) -> T:
    """What ``make`` gives, and what it writes into the empty tables of ``models`` (parents first). Ids and
    all are the same in every test of a process."""
    if key not in _made:
        value = make()
        with connection.cursor() as cursor:
            rows = {model._meta.db_table: _out(cursor.cursor, model._meta.db_table) for model in models}
        _made[key] = pickle.dumps(value), rows
        return value
    kept, rows = _made[key]
    with writing("tests.again"), connection.cursor() as cursor:
        for table, content in rows.items():
            with cursor.cursor.copy(f"COPY {connection.ops.quote_name(table)} FROM STDIN") as copy:
                copy.write(content)
    again_: T = pickle.loads(kept)  # noqa: S301 - pickled above
    return again_


def _out(cursor: "object", table: str) -> bytes:
    with cursor.copy(f"COPY {connection.ops.quote_name(table)} TO STDOUT") as copy:  # type: ignore[attr-defined]
        return b"".join(bytes(part) for part in copy)
