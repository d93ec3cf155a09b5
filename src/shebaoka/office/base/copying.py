"""Rows as PostgreSQL's COPY takes them as text: made by whoever reads a list, sent by whoever writes."""

from collections.abc import Iterable

NOTHING = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def line(values: Iterable[object]) -> str:
    """A row: None, or what ``str`` makes of a value, with what COPY would misread escaped."""
    return "\t".join([NOTHING if each is None else str(each).translate(_ESCAPES) for each in values]) + "\n"
