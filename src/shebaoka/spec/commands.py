"""The commands of card and PSAM as data: names for tracing and reference, status words they may answer."""

from functools import cache
from typing import Literal

import msgspec

from shebaoka.spec.loading import Source, shipped
from shebaoka.spec.model import Text

Kind = Literal["card", "psam"]


class CommandEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A command: ``cla`` its classes, ``p1`` set where P1 tells commands of one instruction apart.

    ``words`` are the status words of its tables beside 9000, as printed (``63Cx``); empty when the text has
    no table. ``source`` starts with the Part, or says ``issuer dialect``.
    """

    name: Text
    cla: tuple[int, ...]
    ins: int
    source: str
    p1: int | None = None
    words: tuple[str, ...] = ()

    @property
    def is_issuer(self) -> bool:
        """Of our issuer dialect, not of the standard."""
        return self.source.startswith("issuer")


def commands(kind: Kind) -> tuple[CommandEntry, ...]:
    """All commands of a ``card`` (22) or ``psam`` (10, and file commands), then the issuer's."""
    groups = ("card", "issuer") if kind == "card" else ("psam", "psam_files", "issuer")
    return tuple(entry for group in groups for entry in _groups()[group])


def command_of(cla: int, ins: int, p1: int = 0, kind: Kind = "card") -> CommandEntry | None:
    """The command that these header bytes start, None when there is none.

    A class that fits no command of the instruction is ignored, so that a wrong CLA is still named; issuer
    commands need their own class. P1 chooses where it must (INITIALIZE FOR LOAD or PURCHASE).
    """
    same_ins = [entry for entry in commands(kind) if entry.ins == ins]
    exact = [entry for entry in same_ins if cla in entry.cla]
    candidates = exact or [entry for entry in same_ins if not entry.is_issuer]
    by_p1 = [entry for entry in candidates if entry.p1 in (None, p1)]
    return next(iter(by_p1 or candidates), None)


@cache
def _groups() -> dict[str, tuple[CommandEntry, ...]]:
    name = "commands.toml"
    source, raw = Source(name), shipped(name)
    source.known(raw, ("card", "psam", "psam_files", "issuer"))
    return {
        group: tuple(
            source.build(CommandEntry, entry, f"{group} {entry.get('en')}")
            for entry in source.tables(raw, group)
        )
        for group in raw
    }
