"""Where higher parts say what stands against a change of a person, and what follows from one.

Functions of ``BEFORE_MERGING`` raise Refusal (the entry that goes has a live card). Parts add theirs when the
office starts (``AppConfig.ready``)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from shebaoka.office.organizations.acts import Act
from shebaoka.office.organizations.models import Organization
from shebaoka.office.people.models import Person

BEFORE_MERGING: list[Callable[[Person, Person], None]] = []
"""The entry that stays, the one that goes."""

BEFORE_MOVING: list[Callable[[Person, Organization], None]] = []
"""The person whose insured place is to move, and the agency that is to have her."""

AFTER_CHANGE: list[Callable[[Act, Person, Sequence[str]], None]] = []
"""A person changed, with the places of the card whose values may differ now (``SSSE.EF06.09``): updates of
cards in use are queued there. ``died_on`` and ``merged_into`` come as names of columns."""


class CardIntake(Protocol):
    """A part that takes cards in use from a list of a replaced system, beside the people (7.6, 7.7).
    ``columns``: headings it takes."""

    columns: frozenset[str]

    def read(self, cards: Sequence[tuple[int, str, Mapping[str, str]]]) -> Any:
        """What the columns say of cards: row, the person's id, heading -> text. Asks no database, and gives
        what another process can be sent."""

    def take(
        self, act: Act, agency: Organization, read: Any, lost: Sequence[UUID]
    ) -> Iterable[tuple[int, str, str]]:
        """The cards of persons just taken, without those of ids that are ``lost``. Gives row, error code and
        heading of every card it does not take; the others stand in the same transaction."""


CARDS_IN_USE: list[CardIntake] = []
"""Usually one, of the part ``cards``."""

CARD_STATES: list[Callable[[Sequence[UUID]], Mapping[UUID, str]]] = []
"""States (AAZ502) of the live cards of persons, those with one."""

TELL: list[Callable[[Person, str, Mapping[str, str]], None]] = []
"""Messages to a person, within the act they tell of: what happened (``card-activate``, ``register-changed``),
and what its words name. What nobody has words for is told to nobody."""


@dataclass(frozen=True, slots=True)
class Filled:
    """Tables that the load of a population fills, and queries that find what their triggers refuse."""

    tables: tuple[str, ...]
    rules: tuple[str, ...] = ()


FILLED: list[Filled] = [Filled(("people_person", "people_guardian", "people_fact"))]
