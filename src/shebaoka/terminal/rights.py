"""Fulfil the condition of a file: by what was shown already, the PIN, keys of the terminal (Part 7 §6)."""

from collections.abc import Iterator
from enum import StrEnum

from shebaoka.spec.conditions import AllOf, AnyOf, Condition, KeyProof, Never, Pin
from shebaoka.spec.model import FileLayout
from shebaoka.terminal import pin
from shebaoka.terminal.authentication import authenticate
from shebaoka.terminal.errors import (
    AccessError,
    KeySourceError,
    PinLockedError,
    PinRequiredError,
    TerminalError,
)
from shebaoka.terminal.explain import missing_parts
from shebaoka.terminal.session import Session


class Route(StrEnum):
    """How to get access where a file leaves the choice."""

    ANY = "any"  # what costs the holder least: shown already, a PIN given, then keys
    PIN = "pin"
    KEY = "key"


def fulfil(
    session: Session,
    file: FileLayout,
    condition: Condition,
    *,
    code: str | None = None,
    route: Route = Route.ANY,
) -> None:
    """Make ``condition`` of ``file`` hold in the current directory. ``code``: the PIN, when the holder
    entered one. Raises AccessError listing what was missing and why, PinError and StatusWordError of the
    attempts.
    """
    if not missing_parts(condition, session.proven, session.pin.fulfilled):
        return
    obstacles: list[TerminalError] = []
    for way in chosen(condition, route):
        locked = session.pin.locked
        try:
            _go(session, way, code)
        except (KeySourceError, PinRequiredError) as error:
            obstacles.append(error)
        except PinLockedError as error:
            if not locked:  # this very try locked it
                raise
            obstacles.append(error)
        if not missing_parts(condition, session.proven, session.pin.fulfilled):
            return
    raise AccessError(
        "access-missing" if obstacles else "never-allowed",
        place=f"{session.directory} {file.id}",
        name=file.name,
        condition=str(condition),
        missing=missing_parts(condition, session.proven, session.pin.fulfilled),
        reasons=tuple({error.text(): error for error in obstacles}.values()),
    )


def ways(condition: Condition) -> Iterator[tuple[Condition, ...]]:
    """The sets of simple conditions each of which fulfils ``condition``, in the printed order.

    >>> from shebaoka.spec.conditions import parse_condition
    >>> [" and ".join(map(str, way)) for way in ways(parse_condition("(PIN and RK3DF03) or UK4DF03"))]
    ['PIN and RK3DF03', 'UK4DF03']
    """
    match condition:
        case AnyOf(parts):
            for part in parts:
                yield from ways(part)
        case AllOf(parts):
            yield from _combined(parts)
        case _:
            yield (condition,)


def _combined(parts: tuple[Condition, ...]) -> Iterator[tuple[Condition, ...]]:
    if not parts:
        yield ()
        return
    for first in ways(parts[0]):
        for rest in _combined(parts[1:]):
            yield first + rest


def chosen(condition: Condition, route: Route) -> list[tuple[Condition, ...]]:
    """The ways of a route to fulfil ``condition``; all of them when the file leaves no choice."""
    every = list(ways(condition))
    unwanted = {Route.ANY: None, Route.PIN: KeyProof, Route.KEY: Pin}[route]
    wanted = [way for way in every if unwanted is None or not any(isinstance(p, unwanted) for p in way)]
    return wanted or every


def _go(session: Session, way: tuple[Condition, ...], code: str | None) -> None:
    """Show everything of one way; the PIN last, so that it is not typed in vain when a key is missing."""
    for part in sorted(way, key=lambda part: isinstance(part, Pin)):
        match part:
            case Never():
                return
            case KeyProof(name) if name not in session.proven:
                authenticate(session, name)
            case Pin() if not session.pin.fulfilled:
                if code is None:
                    pin.require(session)
                else:
                    pin.verify(session, code)
            case _:
                pass
