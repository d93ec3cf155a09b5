"""Tables that get many million rows in one transaction, while nobody else works.

An index that is made of all rows at once costs a tenth of one that grows row by row, a foreign key that is
checked as a set a hundredth. What made a row unique stays all the time. All of it is one transaction: killed
before its end, every index and trigger is as it was."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

_MEMORY = "512MB"
_SETTINGS = {
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "maintenance_work_mem": _MEMORY,
    "work_mem": _MEMORY,
    "synchronous_commit": "on",
}
_KEYS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(%s::regclass[]) ORDER BY conrelid, conname
"""
_INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
FROM pg_index WHERE NOT indisunique AND indrelid = ANY(%s::regclass[]) ORDER BY indrelid, indexrelid
"""


class BrokenRuleError(Exception):
    """What a trigger would have refused row by row came in; nothing was changed."""


@contextmanager
def filling(tables: Sequence[str], rules: Sequence[str]) -> Iterator[None]:
    """Within, nobody else reads or writes ``tables``; their indexes that are not unique, foreign keys and
    triggers rest. ``rules``: queries that find what the resting triggers would have refused.

    Raises BrokenRuleError, OperationalError when somebody works with the tables."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        for name, value in _SETTINGS.items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
        cursor.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
        keys, indexes = _rest(cursor, tables)
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks that wait takes no key
        for rule in rules:
            cursor.execute(f"SELECT EXISTS ({rule})")
            row = cursor.fetchone()
            if row is None or row[0]:
                raise BrokenRuleError(rule)
        for _, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in keys:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def tidy(tables: Sequence[str]) -> None:
    """Statistics and visibility after a load, outside of a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(f"VACUUM (ANALYZE) {', '.join(tables)}")
        cursor.execute("RESET statement_timeout")


def _rest(cursor: Any, tables: Sequence[str]) -> tuple[list[Any], list[Any]]:
    cursor.execute(_KEYS, [list(tables)])
    keys = cursor.fetchall()
    for table, name, _ in keys:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    cursor.execute(_INDEXES, [list(tables)])
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    return keys, indexes
