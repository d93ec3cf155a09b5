"""Tests with transactions of their own empty all tables afterwards, also those nobody else may empty."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.postgresql.operations import DatabaseOperations


@contextmanager
def tables_may_be_emptied() -> Iterator[None]:
    """Within, Django's flush of a test database passes the triggers by."""
    flush = DatabaseOperations.execute_sql_flush

    def passing(self: Any, sql_list: Iterable[str]) -> None:
        flush(
            self,
            [
                "SET session_replication_role = replica",
                *sql_list,
                "SET session_replication_role = DEFAULT",
            ],
        )

    DatabaseOperations.execute_sql_flush = passing  # type: ignore[method-assign]
    try:
        yield
    finally:
        DatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]
