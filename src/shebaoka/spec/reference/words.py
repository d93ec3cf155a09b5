"""Reference pages of code tables, commands and status words."""

from collections.abc import Iterable

from shebaoka.spec.codes import code_tables
from shebaoka.spec.commands import CommandEntry, commands
from shebaoka.spec.reference.markdown import both, page, table
from shebaoka.spec.status_words import status_words


def codes_page() -> str:
    """All code tables."""
    blocks = []
    for entry in code_tables():
        blocks.append(f"## {entry.id} {both(entry.name)}")
        blocks.append(f"Source: {entry.source}.")
        blocks.append(table(("code", "中文", "English"), [(c, t.zh, t.en) for c, t in entry.codes.items()]))
    return page("Code tables", "Codes as printed in the 2.0 text; English labels are ours.", *blocks)


def commands_page() -> str:
    """Commands of card and PSAM with the status words of their tables, and all status words."""
    words = table(
        ("status word", "name", "meaning", "source"),
        [(f"`{word.code}`", word.name, both(word.meaning), word.source) for word in status_words()],
    )
    return page(
        "Commands and status words",
        "Status words beside 9000 that the tables of each command list. Lower-case x is a variable digit.",
        "## Card",
        _commands(entry for entry in commands("card") if not entry.is_issuer),
        "## PSAM",
        _commands(entry for entry in commands("psam") if not entry.is_issuer),
        "## Making a card or PSAM ([issuer dialect](issuer-dialect.md))",
        _commands(entry for entry in commands("card") if entry.is_issuer),
        "## Status words",
        words,
    )


def _commands(entries: Iterable[CommandEntry]) -> str:
    rows = [
        (
            both(entry.name),
            " ".join(f"{cla:02X}" for cla in entry.cla),
            f"{entry.ins:02X}",
            "–" if entry.p1 is None else f"{entry.p1:02X}",
            " ".join(entry.words) or "–",
            entry.source,
        )
        for entry in entries
    ]
    return table(("command", "CLA", "INS", "P1", "status words", "source"), rows)
