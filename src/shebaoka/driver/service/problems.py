"""What the service refuses, in three languages (``data/service.toml``)."""

import tomllib
from functools import cache
from importlib import resources
from typing import Literal

Language = Literal["zh", "en", "es"]


class RefusedError(Exception):
    """A request that is refused; ``id`` names the text."""

    def __init__(self, problem: str) -> None:
        self.id = problem
        super().__init__(text(problem, "en"))


@cache
def problems() -> dict[str, dict[str, str]]:
    """All texts by id and language."""
    raw = (resources.files("shebaoka.driver") / "data" / "service.toml").read_text("utf-8")
    return tomllib.loads(raw)


def text(problem: str, language: Language) -> str:
    """One line for a person."""
    return problems()[problem][language]
