"""Work that is not done while somebody waits for a page: declared here, done by the worker (part ``jobs``).

A part of the office declares its jobs in its module ``jobs.py``, which is found at start-up:

    @job("audit.checkpoint", cron="*/15 * * * *")
    def checkpoint() -> None: ...

    @job("custody.letter.print", retries=5)
    def print_letter(letter: str) -> None: ...

A service asks for one with :func:`defer`, in its own transaction: no act, no job. What a job gets are ids and
plain values that JSON can hold, never a person's data or a secret: they stand in the table of jobs.

A job may be done more than once (its worker was killed after the work and before the note of it): each is
written so that a second time does no harm, and acts through services as ``actor.system(organization)``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
Deferrer = Callable[[str, Mapping[str, Any], str | None, datetime | None], None]


@dataclass(frozen=True, slots=True)
class Job:
    """``cron``: when it is done by itself, five fields, UTC (China is eight hours ahead); empty: only when it
    is asked for. ``retries``: how often it is tried again after an error, each time after a longer pause."""

    name: str
    function: Callable[..., object]
    cron: str
    retries: int


JOBS: dict[str, Job] = {}
_deferrers: list[Deferrer] = []


def job(name: str, *, cron: str = "", retries: int = 3) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Makes a function the job ``name``, which begins with the part's name. One with ``cron`` takes nothing.
    Raises ValueError for a name that is taken."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        if name in JOBS:
            raise ValueError(f"there is a job {name} already")
        JOBS[name] = Job(name, function, cron, retries)
        return function

    return decorate


def defer(name: str, *, once: str | None = None, at: datetime | None = None, **values: Any) -> None:
    """Asks for a job, in the transaction that is open. ``once``: asks for nothing while one with the same
    text waits already; ``at``: not before that time. Raises KeyError for a job nobody declared."""
    _ = JOBS[name]
    (deferrer,) = _deferrers
    deferrer(name, values, once, at)


def connect(deferrer: Deferrer) -> None:
    """The queue that holds the jobs; the part ``jobs`` says so at start-up."""
    _deferrers[:] = [deferrer]
