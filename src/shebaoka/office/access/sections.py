"""Where later parts of the office put their records: a section of what a holder sees of herself.

A part registers a :class:`Section` when the office starts. The portal then links and shows it, the signed
statement says it, and a mandate may cover it. Nothing is shown while none is registered."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from shebaoka.office.base.catalogue import Words
from shebaoka.office.people.models import Person

SCOPE = "section-"
"""What the scope of a section begins with."""


@dataclass(frozen=True, slots=True)
class Section:
    """Records of one kind about a person. ``name``: lower-case letters, digits and hyphens, for addresses and
    scopes; ``title``, ``columns`` in three languages; ``rows``: as many cells as columns, read from the
    part's own tables; ``fields``: names of ``fields.toml`` that a reading of it is recorded with; ``proven``:
    whether digits alone do not open it; ``stated``: whether a signed statement says it."""

    name: str
    title: Words
    columns: Sequence[Words]
    rows: Callable[[Person], Iterable[Sequence[object]]]
    fields: tuple[str, ...] = ()
    proven: bool = True
    stated: bool = False

    @property
    def scope(self) -> str:
        """The scope of a mandate that covers it."""
        return f"{SCOPE}{self.name}"


_SECTIONS: dict[str, Section] = {}


def register(section: Section) -> None:
    """Raises ValueError for a name that is taken or no name."""
    if section.name in _SECTIONS or not section.name.replace("-", "").isalnum():
        raise ValueError(f"no new section: {section.name}")
    _SECTIONS[section.name] = section


def withdraw(name: str) -> None:
    """Takes a section away, for a part that stops. Raises KeyError."""
    del _SECTIONS[name]


def sections() -> list[Section]:
    """All of them, in the order in which they were registered."""
    return list(_SECTIONS.values())


def section(name: str) -> Section | None:
    """One of them."""
    return _SECTIONS.get(name)
