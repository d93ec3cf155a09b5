"""What a proof is, and how it says that something does not hold."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from shebaoka.demo.report import Outcome
from shebaoka.demo.stage import Stage
from shebaoka.terminal.errors import TerminalError

Refusal = TypeVar("Refusal", bound=ValueError)

HOME, ABROAD = "98", "99"
"""The provinces as most proofs see them: the card's own and the other one."""


class ProofFailedError(AssertionError):
    """Something that must hold does not; says what."""


@dataclass(frozen=True)
class Act:
    """A proof to be given: title, whether it must end in a refusal, and what to do."""

    title: str
    play: Callable[[Stage], str]
    outcome: Outcome = Outcome.OK


def check(holds: bool, what: str) -> None:
    """Raises ProofFailedError with ``what`` unless it holds."""
    if not holds:
        raise ProofFailedError(what)


def refused_by(error: type[Refusal], act: Callable[[], object]) -> Refusal:
    """The refusal that ``act`` ends in. Raises ProofFailedError when it succeeds."""
    try:
        act()
    except error as refusal:
        return refusal
    raise ProofFailedError(f"this must be refused ({error.__name__}) and was not")


def reason(refusal: TerminalError) -> str:
    """Why a condition could not be fulfilled, without repeating the condition."""
    reasons = refusal.details.get("reasons")
    return str(reasons[0]) if isinstance(reasons, tuple) and reasons else refusal.text()
