"""A plain connection to the office's database, beside Django's: without its time-outs and its pool."""

from typing import Any

import psycopg


def connect(settings: dict[str, Any], **options: Any) -> "psycopg.Connection[tuple[Any, ...]]":
    """``settings``: Django's. Raises psycopg.OperationalError when the database does not answer."""
    named = {
        "host": settings["HOST"],
        "port": settings.get("PORT"),
        "user": settings["USER"],
        "password": settings.get("PASSWORD"),
        "dbname": settings["NAME"],
    }
    extra = {key: value for key, value in settings["OPTIONS"].items() if key.startswith("ssl")}
    return psycopg.connect(**{key: value for key, value in named.items() if value}, **extra, **options)
