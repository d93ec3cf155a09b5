"""The fillers, in the order they run in. Call :func:`fillers` after Django was set up."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shebaoka.demo.office.stage import OfficeStage


@dataclass(frozen=True)
class Filler:
    """A part of the office being filled: how the step is called, and what does it."""

    title: str
    fill: "Callable[[OfficeStage], None]"


def fillers() -> tuple[Filler, ...]:
    """All of them."""
    from shebaoka.demo.office import founding

    return (Filler("Found the office: organizations, staff, sign-ins", founding.fill),)
