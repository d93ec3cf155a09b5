"""What questions and answers have in common."""

from typing import Annotated, Any

from ninja import Schema
from pydantic import BeforeValidator, ConfigDict

from shebaoka.office.api.problems import Problem

CODE = r"^[0-9A-Za-z-]{1,20}$"
REGION = r"^[0-9]{6}$"
UUIDS = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
TEXT = r"^[^\x00-\x1f\x7f]{1,%d}$"
"""A line of text; put its longest length in."""


def _whole(value: object) -> object:
    """A whole number as JSON has it: 218 and 218.0, and no text or truth value."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        raise ValueError("a whole number")
    return int(value)


Whole = Annotated[int, BeforeValidator(_whole)]


class Question(Schema):
    """A question holds what is asked for and nothing else."""

    model_config = ConfigDict(extra="forbid")


class Answer(Schema):
    """An answer."""


class State(Answer):
    """A state: its code, and its name in the language of the question."""

    code: str
    text: str


def problems(*statuses: int) -> dict[int, Any]:
    """The answers of everything that needs a token, and of ``statuses``: each a problem."""
    return dict.fromkeys(sorted({400, 401, *statuses}), Problem)
