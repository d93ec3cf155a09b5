"""What empties a table at once passes every trigger of rows: it is noted, or refused for the chains.

Set up after each migration for all tables that only services write, also those of parts yet to come."""

from typing import Any

from django.apps import apps
from django.db import connections
from psycopg.sql import SQL, Identifier

_FINAL = ("audit_chain", "audit_row", "audit_checkpoint", "audit_bypass")
_FUNCTIONS = """
CREATE OR REPLACE FUNCTION audit_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_bypass (relation, operation, login, address, at)
        VALUES (TG_TABLE_NAME, TG_OP, session_user, inet_client_addr(), clock_timestamp());
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION audit_not_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit rows are never changed or removed';
END $$;
"""
_NOTED = SQL(
    "CREATE OR REPLACE TRIGGER noted_truncation AFTER TRUNCATE ON {}"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit_truncated()"
)
_REFUSED = SQL(
    "CREATE OR REPLACE TRIGGER refused_truncation BEFORE TRUNCATE ON {}"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit_not_truncated()"
)


def watch(using: str = "default", **_: Any) -> None:
    """Sets the triggers; harmless when they are there."""
    with connections[using].cursor() as cursor:
        present = set(connections[using].introspection.table_names(cursor))
        if not present.issuperset(_FINAL):
            return
        cursor.execute(_FUNCTIONS)
        for table in _FINAL:
            cursor.execute(_REFUSED.format(Identifier(table)))
        for table in sorted(written_by_services() & present):
            cursor.execute(_NOTED.format(Identifier(table)))


def written_by_services() -> set[str]:
    """The tables with the trigger that notes writes outside of services."""
    return {
        model._meta.db_table
        for model in apps.get_models()
        if any(trigger.name == "noted" for trigger in getattr(model._meta, "triggers", ()))
    }
