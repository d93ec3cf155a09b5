"""The base of every table that only services write: an id, and triggers that note what bypasses them.

A service opens its transaction with :func:`writing`, which tells the database which act is going on. A write
outside of one is let through, so that a person who repairs data is not locked out, but it stands in
``audit_bypass`` from then on."""

from collections.abc import Iterator
from contextlib import contextmanager

import pgtrigger
from django.db import connection, models, transaction

from shebaoka.office.base.ids import new_id

SETTING = "shebaoka.act"
_SET = "SELECT set_config(%s, %s, true)"
_NOTE = """
IF coalesce(current_setting('shebaoka.act', true), '') = '' THEN
    INSERT INTO audit_bypass (relation, operation, row_id, before, after, login, address, at)
    VALUES (TG_TABLE_NAME, TG_OP,
        CASE WHEN TG_OP = 'DELETE' THEN to_jsonb(OLD) ->> 'id' ELSE to_jsonb(NEW) ->> 'id' END,
        CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE
            encode(sha256(convert_to(to_jsonb(OLD)::text, 'UTF8')), 'hex') END,
        CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE
            encode(sha256(convert_to(to_jsonb(NEW)::text, 'UTF8')), 'hex') END,
        session_user, inet_client_addr(), clock_timestamp());
END IF;
RETURN NULL;
"""
_NOTE_SET = """
IF coalesce(current_setting('shebaoka.act', true), '') = '' THEN
    INSERT INTO audit_bypass (relation, operation, row_id, before, after, login, address, at)
    SELECT TG_TABLE_NAME, TG_OP, {id}.id::text, {before}, {after},
        session_user, inet_client_addr(), clock_timestamp()
    FROM {of};
END IF;
RETURN NULL;
"""


def noted() -> pgtrigger.Trigger:
    """The trigger that records a write outside of a service call."""
    return pgtrigger.Trigger(
        name="noted",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=_NOTE,
    )


def noted_in_sets() -> tuple[pgtrigger.Trigger, ...]:
    """As :func:`noted`, asked once a statement instead of once a row: for tables that are written in bulk."""
    row = "encode(sha256(convert_to(to_jsonb({0})::text, 'UTF8')), 'hex')"
    old, new = row.format("o"), row.format("n")
    both = "new_rows n JOIN old_rows o ON o.id = n.id"
    sets = (
        ("insert", pgtrigger.Insert, "NULL", new, "new_rows n", {"new": "new_rows"}),
        ("delete", pgtrigger.Delete, old, "NULL", "old_rows o", {"old": "old_rows"}),
        ("update", pgtrigger.Update, old, new, both, {"old": "old_rows", "new": "new_rows"}),
    )
    return tuple(
        pgtrigger.Trigger(
            name=f"noted_{name}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=pgtrigger.Referencing(**rows),  # type: ignore[no-untyped-call]  # has no types
            func=_NOTE_SET.format(id="o" if name == "delete" else "n", before=before, after=after, of=of),
        )
        for name, operation, before, after, of, rows in sets
    )


class Record(models.Model):
    """A row that only services write. A subclass with its own ``triggers`` repeats :func:`noted` there."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True
        triggers = [noted()]


@contextmanager
def writing(act: str) -> Iterator[None]:
    """A transaction in which ``act`` writes. Inside another transaction it is a part of that one, and what
    was going on there goes on afterwards."""
    inner = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        before = ""
        if inner:
            cursor.execute("SELECT coalesce(current_setting(%s, true), '')", [SETTING])
            (before,) = cursor.fetchone()
        cursor.execute(_SET, [SETTING, act])
        yield
        if inner:
            cursor.execute(_SET, [SETTING, before])
