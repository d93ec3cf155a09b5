"""A database of its own for every test process, so that several may run at once; those of dead ones go."""

import os
import re
from pathlib import Path

import psycopg
from psycopg import sql

from shebaoka.office import postgres

_OURS = re.compile(r"test_\w*_p(\d+)")


def name_for_this_process(name: str | None) -> str:
    """``name``: what the test database would be called."""
    return f"{name or 'test_shebaoka'}_p{os.getpid()}"


def remove_left_over(folder: Path) -> None:
    """Drops test databases whose process was killed before it could."""
    with psycopg.connect(postgres.url(folder, "postgres"), autocommit=True) as connection:
        for (name,) in connection.execute("SELECT datname FROM pg_database").fetchall():
            found = _OURS.fullmatch(name)
            if found and not Path(f"/proc/{found[1]}").exists():
                drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
                connection.execute(drop)
