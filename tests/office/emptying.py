"""Tests with transactions of their own empty all tables afterwards, also those nobody else may empty.

Nearly all tables are empty anyway: a look at each and rows deleted from the rest cost less than TRUNCATE,
which makes every table and index anew."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations


@contextmanager
def tables_may_be_emptied() -> Iterator[None]:
    """Within, Django's flush of a test database passes the triggers by, those of foreign keys too."""
    flush = DatabaseOperations.execute_sql_flush

    def passing(self: Any, sql_list: Iterable[str]) -> None:
        role = "SET session_replication_role = "
        flush(self, [f"{role}replica", *sql_list, f"{role}DEFAULT"])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", passing)
        patch.setattr(DatabaseOperations, "sql_flush", _of_those_with_rows)
        yield


def _of_those_with_rows(self: Any, _style: object, tables: Sequence[str], **_options: bool) -> list[str]:
    names = {table: self.quote_name(table) for table in tables}
    looks = (
        f"SELECT '{table}' WHERE EXISTS (SELECT FROM {name})"  # noqa: S608 - names of our own tables
        for table, name in names.items()
    )
    with self.connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(looks))
        return [f"DELETE FROM {names[table]}" for (table,) in cursor.fetchall()]  # noqa: S608 - as above
