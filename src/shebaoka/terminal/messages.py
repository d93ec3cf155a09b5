"""The message catalogue: what a terminal says, by id and language, as data (``data/messages.*.toml``).

A message has ``text`` (what happened) and ``hint`` (what to do next). ``{name}`` places are filled from the
details of an error; a detail with a Chinese and an English name is shown in the language of the message.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final, Protocol, TypeAlias

from shebaoka.spec.model import Text


class Tellable(Protocol):
    """Something that can say what happened in any language, such as another error."""

    def text(self, language: str = "en") -> str:
        """One or two sentences."""
        ...


Detail: TypeAlias = str | int | Text | Tellable | tuple[str | Tellable, ...]

_EMPTY_PLACE = re.compile(r" \( *\)|（ *）| +(?=[:,.)，。]| )")  # what an empty detail leaves behind
LANGUAGES: Final = ("en", "zh", "es")


@cache
def catalogue(language: str) -> Mapping[str, Mapping[str, str]]:
    """All messages of a language. Raises ValueError for a language that has none."""
    if language not in LANGUAGES:
        raise ValueError(f"no messages in language {language!r}; there are {', '.join(LANGUAGES)}")
    source = resources.files("shebaoka.terminal") / "data" / f"messages.{language}.toml"
    return tomllib.loads(source.read_text("utf-8"))


def text(message_id: str, language: str = "en", details: Mapping[str, Detail] | None = None) -> str:
    """What happened, in one or two sentences. Raises KeyError for an unknown id."""
    return _fill(catalogue(language)[message_id]["text"], language, details or {})


def hint(message_id: str, language: str = "en", details: Mapping[str, Detail] | None = None) -> str:
    """What to do next; empty when there is nothing to say."""
    return _fill(catalogue(language)[message_id].get("hint", ""), language, details or {})


def has(message_id: str) -> bool:
    """Whether the catalogue knows this id."""
    return message_id in catalogue("en")


def shown(detail: Detail, language: str) -> str:
    """One detail for a reader of ``language``; English and Spanish keep the Chinese term in brackets."""
    if isinstance(detail, Text):
        if not detail.zh:
            return detail.en
        return detail.zh if language == "zh" else f"{detail.en} ({detail.zh})"
    if isinstance(detail, tuple):
        if all(isinstance(part, str) for part in detail):
            return ("、" if language == "zh" else ", ").join(shown(part, language) for part in detail)
        return ("；" if language == "zh" else "; ").join(
            shown(part, language).rstrip(".。") for part in detail
        )
    return str(detail) if isinstance(detail, str | int) else detail.text(language)


def _fill(template: str, language: str, details: Mapping[str, Detail]) -> str:
    text = template.format_map({name: shown(detail, language) for name, detail in details.items()})
    return _EMPTY_PLACE.sub("", text)
