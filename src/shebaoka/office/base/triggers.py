"""Triggers that tables of several parts share."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

import pgtrigger

S = TypeVar("S", bound=str)


def kept(what: str, *columns: str, more: str = "") -> pgtrigger.Trigger:
    """Rows are never removed, and ``columns`` never change. ``more``: further statements."""
    new, old = (", ".join(f"{row}.{column}" for column in columns) for row in ("NEW", "OLD"))
    unchanged = f"""
    IF ({new}) IS DISTINCT FROM ({old}) THEN
        RAISE EXCEPTION 'what is written of {what} stays';
    END IF;
    """
    return pgtrigger.Trigger(
        name="kept",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"""
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION '{what} is never removed';
        END IF;
        {unchanged if columns else ""}
        {more}
        RETURN NEW;
        """,
    )


def final(what: str) -> pgtrigger.Trigger:
    """Rows are added only."""
    return pgtrigger.Trigger(
        name="final",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"RAISE EXCEPTION '{what} is added to only';",
    )


def once(*columns: str) -> str:
    """Statements for :func:`kept`: each column is written once, from NULL or empty."""
    return "".join(
        f"""
        IF coalesce(OLD.{column}::text, '') <> '' AND NEW.{column} IS DISTINCT FROM OLD.{column} THEN
            RAISE EXCEPTION '{column} is written once';
        END IF;
        """
        for column in columns
    )


def moves(table: Mapping[S, Iterable[S]], column: str = "status") -> str:
    """Statements for :func:`kept`: the column changes only as ``table`` allows."""
    pairs = ", ".join(
        f"('{before!s}', '{after!s}')" for before, following in table.items() for after in sorted(following)
    )
    return f"""
        IF NEW.{column} <> OLD.{column} AND (OLD.{column}, NEW.{column}) NOT IN (VALUES {pairs}) THEN
            RAISE EXCEPTION '% does not follow %', NEW.{column}, OLD.{column};
        END IF;
    """
