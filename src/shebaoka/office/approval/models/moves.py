"""Triggers from tables of moves: the database refuses what the table does not have."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

import pgtrigger

S = TypeVar("S", bound=str)


def moves_kept(column: str, moves: Mapping[S, Iterable[S]], kept: Iterable[str] = ()) -> pgtrigger.Trigger:
    """Refuses a move ``moves`` does not have, another value of a ``kept`` column, and removal."""
    legal = ", ".join(f"('{before}', '{after}')" for before, then in moves.items() for after in sorted(then))
    checks = "".join(
        f"IF NEW.{name} IS DISTINCT FROM OLD.{name} THEN "
        f"RAISE EXCEPTION '{name} of % is kept', OLD.id; END IF;\n"
        for name in kept
    )
    return pgtrigger.Trigger(
        name="moves",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"""
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION '% is never removed', OLD.id;
        END IF;
        {checks}
        IF NEW.{column} <> OLD.{column} AND (OLD.{column}, NEW.{column}) NOT IN ({legal}) THEN
            RAISE EXCEPTION '% does not go from % to %', OLD.id, OLD.{column}, NEW.{column};
        END IF;
        RETURN NEW;
        """,
    )


def final(what: str) -> pgtrigger.Trigger:
    """Refuses every change."""
    return pgtrigger.Trigger(
        name="final",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"RAISE EXCEPTION '{what} is never changed or removed';",
    )
