"""The text of a region's application management rules, made from the parameters in force (R-20)."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path

import msgspec

from shebaoka.journal.canonical import canonical
from shebaoka.office.parameters.registry import in_words, known
from shebaoka.spec.loading import read_toml
from shebaoka.spec.parameters import Value

_PLACE = re.compile(r"\{([a-z0-9.-]+)\}")
_FREE = "免收工本费"


class Sentence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sentence of the rules. ``when``, ``unless``: a parameter that is true, or ``key=choice``."""

    text: str
    when: str = ""
    unless: str = ""


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A chapter of the template."""

    title: str
    items: tuple[Sentence, ...]


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shipped template."""

    version: str
    title: str
    chapters: tuple[Part, ...]


class Chapter(msgspec.Struct, frozen=True):
    """A chapter of the rules as published."""

    title: str
    items: tuple[str, ...]


class Rules(msgspec.Struct, frozen=True):
    """The rules as published."""

    template: str
    title: str
    organization: str
    since: date
    chapters: tuple[Chapter, ...]


@cache
def template() -> Template:
    """The template. Raises ValueError for one that names a parameter nobody knows."""
    path = Path(__file__).parent / "data" / "application-rules.toml"
    found = msgspec.convert(read_toml(path), Template)
    unknown = set(keys_of(found)) - set(known())
    if unknown:
        raise ValueError(f"{path.name}: unknown parameters {', '.join(sorted(unknown))}")
    return found


def keys_of(of: Template) -> list[str]:
    """The parameters the template names, each once."""
    named: dict[str, None] = {}
    for part in of.chapters:
        for sentence in part.items:
            for key in _PLACE.findall(sentence.text):
                if key not in ("organization", "since"):
                    named[key] = None
            for condition in (sentence.when, sentence.unless):
                if condition:
                    named[condition.partition("=")[0]] = None
    return list(named)


def compose(organization: str, since: date, values: Mapping[str, Value]) -> Rules:
    """The rules of ``organization`` (its name) for these values, one for each of :func:`keys_of`."""
    used = template()
    fixed = {"organization": organization, "since": f"{since.year}年{since.month}月{since.day}日"}

    def said(match: re.Match[str]) -> str:
        name = match[1]
        return fixed[name] if name in fixed else _said(name, values[name])

    chapters = tuple(
        Chapter(part.title, tuple(_PLACE.sub(said, s.text) for s in part.items if _stands(s, values)))
        for part in used.chapters
    )
    return Rules(used.version, f"{organization}{used.title}", organization, since, chapters)


def digest(rules: Rules, values: Mapping[str, Value]) -> str:
    """SHA-256 of text and values."""
    return sha256(canonical({"content": msgspec.to_builtins(rules), "values": dict(values)})).hexdigest()


def _said(key: str, value: Value) -> str:
    parameter = known()[key]
    if parameter.unit == "fen":
        return _FREE if value == 0 else f"收取工本费{in_words(parameter, value).zh}"
    return in_words(parameter, value).zh


def _stands(sentence: Sentence, values: Mapping[str, Value]) -> bool:
    return (not sentence.when or _true(sentence.when, values)) and not (
        sentence.unless and _true(sentence.unless, values)
    )


def _true(condition: str, values: Mapping[str, Value]) -> bool:
    key, compared, choice = condition.partition("=")
    return values[key] == choice if compared else bool(values[key])
