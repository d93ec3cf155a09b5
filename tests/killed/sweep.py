"""A command killed at every place where it changes the disk or a token, each time in a folder of its own."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from killed.moment import Moment
from scan.house import Said

LONG = os.environ.get("SHEBAOKA_LONG") == "1"
FEW = 4
F = TypeVar("F")


@dataclass(frozen=True)
class Trial(Generic[F]):
    """``found``: the facts after the kill; ``again``: the same command afterwards, ``then``: the facts after
    that; ``moment`` is there until the next trial."""

    place: str
    moment: Moment
    found: F
    again: Said
    then: F


@dataclass
class Sweep(Generic[F]):
    """``before`` and ``after``: the facts when the command is not killed."""

    moment: Moment
    command: tuple[str | Path, ...]
    look: Callable[[Moment], F]
    environment: dict[str, str]

    def __post_init__(self) -> None:
        self.before = self.look(self.moment)
        own = self.moment.copy("trial")
        self.places = own.house.writes(*self.command, **self.environment)
        self.after = self.look(own)
        assert self.before != self.after

    def trials(self) -> Iterator[Trial[F]]:
        """All places with SHEBAOKA_LONG=1, otherwise the first, the last and some between."""
        few = min(FEW, self.places)
        chosen = {1 + step * (self.places - 1) // max(few - 1, 1) for step in range(few)}
        for place in range(1, self.places + 1) if LONG else sorted(chosen):
            own = self.moment.copy("trial")
            own.house.killed(place, *self.command, **self.environment)
            found = self.look(own)
            again = own.house.run(*self.command, **self.environment)
            assert again.code in (0, 1, 2), (place, again)
            yield Trial(f"place {place} of {self.places}", own, found, again, self.look(own))

    def done_or_not(self, repeated: str = "") -> Iterator[Trial[F]]:
        """The same, and it was done or not done, and repeating ends in what was to be done. ``repeated``:
        why the command is refused when it was done."""
        outcomes = set()
        for trial in self.trials():
            assert trial.found in (self.before, self.after), trial
            done = trial.found == self.after
            assert (trial.again.code != 0) is (done and bool(repeated)), trial
            if trial.again.code:
                assert repeated in trial.again.err, trial
            assert trial.then == self.after, trial
            outcomes.add(done)
            yield trial
        assert outcomes == {False, True}


def finish(trials: Iterator[object]) -> None:
    """All of them."""
    assert sum(1 for _ in trials) > 1
