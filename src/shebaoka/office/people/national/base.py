"""What the office asks of the national base, whoever answers; and the base of an office that has none.

No interface of the ministry's base is public: this is the office's own side of it. A deployment that is given
the real one writes another :class:`NationalBase`."""

from collections.abc import Sequence
from typing import Protocol

import msgspec


class BaseUnreachableError(Exception):
    """The base did not answer, or answered with nonsense; asked again later."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A person as the base knows her. ``region``: six digits of where she is insured; ``died_on``: yyyymmdd;
    ``merged_into``: the number her entry went into; ``card_state``: AAZ502 of her live card, empty without
    one."""

    number: str
    name: str
    document_type: str
    document_number: str
    sex: str
    nation: str
    birth: str
    nationality: str
    phone: str
    region: str
    died_on: str = ""
    merged_into: str = ""
    card_state: str = ""


class Known(msgspec.Struct, frozen=True):
    """What the base says of a number: its own id of the person, whether the name is the same (D-04), where
    she is insured, and the state of her card."""

    national_id: str
    same_name: bool
    region: str
    card_state: str
    dead: bool


class NationalBase(Protocol):
    """The base. Every call may raise BaseUnreachableError."""

    def find(self, number: str, name: str) -> Known | None:
        """By two elements (D-01). None: nobody has that number."""

    def put(self, entries: Sequence[Entry]) -> list[str]:
        """Persons as they are now; put twice is put once. The base's ids, in the same order."""

    def listed(self, region: str, after: str, most: int) -> list[Entry]:
        """Persons of a region in the order of their numbers, those after ``after``."""


class NoBase:
    """An office that is connected to no base: nothing is found, what is told waits."""

    def find(self, number: str, name: str) -> Known | None:
        """Nothing."""
        return None

    def put(self, entries: Sequence[Entry]) -> list[str]:
        """Raises BaseUnreachableError: what is to be told waits until there is a base."""
        raise BaseUnreachableError("no national base is set (SHEBAOKA_NATIONAL_BASE)")

    def listed(self, region: str, after: str, most: int) -> list[Entry]:
        """Raises BaseUnreachableError."""
        raise BaseUnreachableError("no national base is set (SHEBAOKA_NATIONAL_BASE)")
