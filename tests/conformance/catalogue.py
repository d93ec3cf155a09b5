"""The list of all cases as data."""

from pathlib import Path

import msgspec


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A case: ``source`` clauses or decisions, ``title`` what it is about; ``apart``: why it is no
    test at all."""

    id: str
    source: str
    title: str
    apart: str = ""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    case: list[Entry]


def entries() -> list[Entry]:
    """All cases in their order."""
    raw = Path(__file__).with_name("catalogue.toml").read_bytes()
    return msgspec.toml.decode(raw, type=_File).case


GROUPS = {
    "A": "Reset and transport",
    "B": "Selection",
    "C": "Reading",
    "D": "PIN",
    "E": "Challenge and authentication",
    "F": "Access conditions",
    "G": "Writing",
    "H": "PIN reload and unblock",
    "I": "Blocking",
    "J": "Medical account",
    "Q": "PSAM",
    "L": "Terminal and flows",
    "M": "Data and personalization",
}
