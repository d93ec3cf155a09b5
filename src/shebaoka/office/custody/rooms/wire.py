"""What goes through the door of a room: a line of JSON in, a line of JSON out."""

from typing import Literal

import msgspec
from django.utils.translation import get_language

from shebaoka.spec.model import Text

LONGEST = 1 << 16  # bytes of a request


class Said(msgspec.Struct, frozen=True):
    """A text in the three languages; as a string, in that of the page."""

    zh: str
    en: str
    es: str

    def __str__(self) -> str:
        language = (get_language() or "en")[:2]
        return str(getattr(self, language, self.en))


class Shown(msgspec.Struct, frozen=True):
    """Something that everybody in the room sees."""

    id: str
    text: Said
    columns: tuple[Said, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


class Question(msgspec.Struct, frozen=True):
    """What the room waits for. ``by``: the role that answers; ``digits``: of a component."""

    id: str
    kind: Literal["confirm", "ask", "secret"]
    by: str
    text: Said
    digits: int = 0


class State(msgspec.Struct, frozen=True):
    """How far a ceremony is. ``step`` of ``steps`` (names); ``end``: empty while it is held, ``unknown`` when
    only the vault can tell whether the keys were stored; ``reason``: why it did not go on."""

    step: int
    steps: tuple[str, ...]
    question: Question | None = None
    shown: tuple[Shown, ...] = ()
    end: Literal["", "held", "aborted", "unknown"] = ""
    reason: Said | None = None


class Look(msgspec.Struct, frozen=True, tag="look"):
    """How far it is."""


class Answer(msgspec.Struct, frozen=True, tag="answer"):
    """An answer to the question ``question`` by the holder of the role ``by``."""

    question: str
    by: str
    text: str

    def __repr__(self) -> str:
        return f"<answer of {self.by} to {self.question}>"


class Stop(msgspec.Struct, frozen=True, tag="stop"):
    """It is to be aborted."""

    reason: str


class Letters(msgspec.Struct, frozen=True, tag="letters"):
    """The component letters of a role, once it is their step."""

    by: str


class Keys(msgspec.Struct, frozen=True, tag="keys"):
    """What the vault describes of its keys when the ceremony is over; then the room is given up."""


Request = Look | Answer | Stop | Letters | Keys


class Reply(msgspec.Struct, frozen=True):
    """``refused``: code of the refusal, empty when it was done; ``content``: a file, or a list of keys."""

    state: State | None = None
    refused: str = ""
    content: bytes = b""

    def __repr__(self) -> str:
        return f"<reply {self.refused or 'done'}, {len(self.content)} bytes>"


def said(text: Text) -> Said:
    """A text of the engine."""
    return Said(text.zh, text.en, getattr(text, "es", "") or text.en)
