"""Which column of a list is which: by name, by its Chinese heading, by the data standard's element, or, for
what a subject says, by its field (``household.class``) or that's place on the card (``DF01.EF05.20``)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from shebaoka.office.base.errors import Refusal
from shebaoka.office.people.subjects import subjects
from shebaoka.spec.loading import read_toml

NEEDED = ("number", "name")


@dataclass(frozen=True, slots=True)
class Columns:
    """``fields``: column of a person -> place in the row; ``facts``: place in the row, subject, field;
    ``others``: headings for other parts (cards in use); ``unused``: headings nobody knows."""

    fields: dict[str, int]
    facts: tuple[tuple[int, str, str], ...]
    others: dict[str, int]
    unused: tuple[str, ...]


@cache
def headings() -> dict[str, str]:
    """Heading -> field."""
    known = {}
    for field, names in read_toml(Path(__file__).with_name("columns.toml")).items():
        known.update(dict.fromkeys((field, *names), field))
    return known


@cache
def of_subjects() -> dict[str, tuple[str, str]]:
    """Heading -> subject, field; for subjects of which there is one entry at a time."""
    found = {}
    for name, subject in subjects().items():
        for field in subject.fields:
            if subject.most == 1:
                found[f"{name}.{field}"] = found[subject.place(field)] = (name, field)
    return found


def columns_of(names: Sequence[str], other: frozenset[str] = frozenset()) -> Columns:
    """The columns of a list. ``other``: headings another part takes. Raises Refusal ``people.list-columns``
    for a list without number or name, or with two columns for one thing."""
    fields: dict[str, int] = {}
    facts: list[tuple[int, str, str]] = []
    others: dict[str, int] = {}
    unused = []
    for index, heading in enumerate(names):
        name = heading.strip()
        if name in headings():
            if headings()[name] in fields:
                raise Refusal("people.list-columns", name=name)
            fields[headings()[name]] = index
        elif name in of_subjects():
            facts.append((index, *of_subjects()[name]))
        elif name in other:
            others[name] = index
        else:
            unused.append(name)
    for needed in NEEDED:
        if needed not in fields:
            raise Refusal("people.list-columns", name=needed)
    return Columns(fields, tuple(facts), others, tuple(unused))
