"""What a ceremony asks of the people in the room, and the seam over which it is asked.

A ceremony is a generator of prompts that takes the answers; a command line, a test and a web page drive the
same one, :func:`drive` through an :class:`Interaction`, a web page by sending the answers itself."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Protocol, TypeAlias, TypeVar

from shebaoka.spec.model import Text

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Show:
    """Something to look at: a line, and a table where there are ``columns``."""

    id: str
    text: Text
    columns: tuple[Text, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Confirm:
    """To be confirmed by the holder of the role ``by``; anything else aborts the ceremony."""

    id: str
    by: str
    text: Text


@dataclass(frozen=True, slots=True)
class Ask:
    """A short text, typed openly. ``expected``: what the script says it is; another answer is asked for
    again."""

    id: str
    by: str
    text: Text
    expected: str = ""


@dataclass(frozen=True, slots=True)
class Secret:
    """A key component in hex, typed hidden by ``by`` alone and never shown; ``size`` in bytes; ``again``: the
    same component is asked for once more next."""

    id: str
    by: str
    text: Text
    size: int
    again: bool = False


Prompt: TypeAlias = Show | Confirm | Ask | Secret
Talk: TypeAlias = Generator[Prompt, str, T]
"""Prompts out, answers in (empty for what is shown or confirmed), and what came of it at the end."""


class DeclinedError(Exception):
    """Somebody did not confirm, or asked to stop. ``place``: id of the prompt; ``reason``: his words."""

    def __init__(self, place: str = "", reason: str = "") -> None:
        super().__init__(f"declined at {place}")
        self.place = place
        self.reason = reason


class Interaction(Protocol):
    """How the people in the room are spoken to. ``ask`` and ``secret`` raise DeclinedError to abort."""

    def show(self, prompt: Show) -> None:
        """Put it before everybody."""

    def confirm(self, prompt: Confirm) -> bool:
        """Whether it was confirmed."""

    def ask(self, prompt: Ask) -> str:
        """The text."""

    def secret(self, prompt: Secret) -> str:
        """The hidden text; blanks are ignored."""


def drive(talk: Talk[T], interaction: Interaction) -> T:
    """Plays a talk to its end. What the interaction raises is thrown into the talk, which then cleans up."""
    try:
        prompt = next(talk)
        while True:
            try:
                answer = _answer(prompt, interaction)
            except BaseException as error:
                prompt = talk.throw(error)
            else:
                prompt = talk.send(answer)
    except StopIteration as end:
        result: T = end.value
        return result


def _answer(prompt: Prompt, interaction: Interaction) -> str:
    match prompt:
        case Show():
            interaction.show(prompt)
        case Confirm():
            if not interaction.confirm(prompt):
                raise DeclinedError(prompt.id)
        case Ask():
            return interaction.ask(prompt)
        case Secret():
            return interaction.secret(prompt)
    return ""
