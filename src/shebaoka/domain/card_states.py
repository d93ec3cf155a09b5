"""State machines around a card as data: ``data/card-states.toml``, one for each thing that has states.

The status of the social security application is data element AAZ502; the bank's status is a machine of its
own, so that all combinations exist; so are the plastic, the application for a card, the batch, and what
waits to be written on a chip. A move is named by the act that makes it.

>>> machine("social").after("activate", "0")
'1'
>>> machine("social").allows("9", "1")
False
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from shebaoka.spec.loading import read_toml
from shebaoka.spec.parameters import Wording

_DATA = Path(__file__).parent / "data" / "card-states.toml"
_ANY = "*"


class IllegalMoveError(ValueError):
    """An act that does not follow the state a thing is in. Nothing was changed."""

    def __init__(self, machine: "Machine", act: str, state: str) -> None:
        super().__init__(f"{machine.key}: {act} does not follow {machine.states[state].en}")
        self.machine, self.act, self.state = machine, act, state


class Move(NamedTuple):
    """One legal move."""

    act: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Machine:
    """``states`` by code, with their names; ``first``: the state a thing begins in."""

    key: str
    name: Wording
    first: str
    states: Mapping[str, Wording]
    moves: tuple[Move, ...]
    _after: Mapping[tuple[str, str], tuple[str, ...]] = field(repr=False)

    def allows(self, before: str, after: str) -> bool:
        """Whether any act leads from one state to the other. Raises KeyError for an unknown state."""
        _ = self.states[before], self.states[after]
        return any(move.before == before and move.after == after for move in self.moves)

    def may(self, act: str, state: str) -> bool:
        """Whether the act follows the state."""
        return (act, state) in self._after

    def after(self, act: str, state: str, back_to: str = "") -> str:
        """The state an act leads to. ``back_to``: which one, where an act leads back to where a thing was.
        Raises IllegalMoveError."""
        found = self._after.get((act, state), ())
        if back_to in found:
            return back_to
        if len(found) != 1 or back_to:
            raise IllegalMoveError(self, act, state)
        return found[0]

    def origins(self, act: str) -> tuple[str, ...]:
        """The states an act may follow, in the order of the data."""
        return tuple(state for state in self.states if self.may(act, state))

    @property
    def ends(self) -> tuple[str, ...]:
        """States that nothing follows."""
        return tuple(state for state in self.states if not any(move.before == state for move in self.moves))

    @property
    def table(self) -> dict[str, frozenset[str]]:
        """What may follow each state."""
        return {
            state: frozenset(move.after for move in self.moves if move.before == state)
            for state in self.states
        }


class _Raw(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Wording
    first: str
    states: dict[str, Wording]
    moves: list[tuple[str, str, str]]


@cache
def machines() -> Mapping[str, Machine]:
    """All machines by key. Raises ValueError for a move between states that do not exist, given twice, or a
    state that nothing leads to."""
    raw = msgspec.convert(read_toml(_DATA), dict[str, _Raw])
    return MappingProxyType({key: _machine(key, each) for key, each in raw.items()})


def machine(key: str) -> Machine:
    """One of them: ``social``, ``bank``, ``plastic``, ``application``, ``batch``, ``update``."""
    return machines()[key]


def _machine(key: str, raw: _Raw) -> Machine:
    moves = tuple(_spread(raw))
    if len(set(moves)) != len(moves):
        raise ValueError(f"{key}: a move is given twice")
    for move in moves:
        if not {move.before, move.after} <= raw.states.keys():
            raise ValueError(f"{key}: {move.act} names an unknown state")
    if raw.states.keys() - {move.after for move in moves} - {raw.first}:
        raise ValueError(f"{key}: a state that nothing leads to")
    after: dict[tuple[str, str], tuple[str, ...]] = {}
    for move in moves:
        after[move.act, move.before] = (*after.get((move.act, move.before), ()), move.after)
    return Machine(key, raw.name, raw.first, raw.states, moves, after)


def _spread(raw: _Raw) -> Iterator[Move]:
    for act, before, after in raw.moves:
        if before != _ANY:
            yield Move(act, before, after)
            continue
        yield from (Move(act, state, after) for state in raw.states if state != after)
