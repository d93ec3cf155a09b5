"""Read and write conditions of files: ``free``, ``never``, ``PIN``, key names, ``or``, ``and``, brackets.

The texts print them as 无, 不允许改写, "PIN 或 RK1DF01", "PIN & RK1DF04" (Part 6 T4-T8, V2 T3-T8).
"""

import re
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Free:
    """Always fulfilled (无)."""

    def __str__(self) -> str:
        return "free"


@dataclass(frozen=True)
class Never:
    """Never fulfilled from outside (不允许改写)."""

    def __str__(self) -> str:
        return "never"


@dataclass(frozen=True)
class Pin:
    """The card PIN has been verified (or none is set, decision K22)."""

    def __str__(self) -> str:
        return "PIN"


@dataclass(frozen=True)
class KeyProof:
    """External authentication with the named key of the catalogue."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class AnyOf:
    """At least one part holds (或)."""

    parts: tuple["Condition", ...]

    def __str__(self) -> str:
        return " or ".join(f"({p})" if isinstance(p, AllOf) else str(p) for p in self.parts)


@dataclass(frozen=True)
class AllOf:
    """Every part holds (且)."""

    parts: tuple["Condition", ...]

    def __str__(self) -> str:
        return " and ".join(f"({p})" if isinstance(p, AnyOf) else str(p) for p in self.parts)


Condition: TypeAlias = Free | Never | Pin | KeyProof | AnyOf | AllOf

FREE = Free()
NEVER = Never()
PIN = Pin()

_TOKEN = re.compile(r"\(|\)|[A-Za-z0-9-]+")


def parse_condition(text: str) -> Condition:
    """Parse ``(PIN and RK3DF03) or UK4DF03``; ``and`` binds tighter. Raises ValueError naming the place."""
    tokens = _tokens(text)
    condition, rest = _alternatives(tokens, text)
    if rest:
        raise ValueError(f"condition {text!r}: unexpected {rest[0]!r}")
    return condition


def key_names(condition: Condition) -> frozenset[str]:
    """Names of all keys that a condition mentions."""
    match condition:
        case KeyProof(name):
            return frozenset({name})
        case AnyOf(parts) | AllOf(parts):
            return frozenset().union(*(key_names(part) for part in parts))
        case _:
            return frozenset()


def _tokens(text: str) -> list[str]:
    tokens, position = [], 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is not None:
            tokens.append(match.group())
            position = match.end()
        elif text[position].isspace():
            position += 1
        else:
            raise ValueError(f"condition {text!r}: unexpected {text[position]!r} at character {position + 1}")
    return tokens


def _alternatives(tokens: list[str], text: str) -> tuple[Condition, list[str]]:
    part, tokens = _conjunction(tokens, text)
    parts = [part]
    while tokens and tokens[0] == "or":
        part, tokens = _conjunction(tokens[1:], text)
        parts.append(part)
    return (parts[0] if len(parts) == 1 else AnyOf(tuple(parts))), tokens


def _conjunction(tokens: list[str], text: str) -> tuple[Condition, list[str]]:
    part, tokens = _atom(tokens, text)
    parts = [part]
    while tokens and tokens[0] == "and":
        part, tokens = _atom(tokens[1:], text)
        parts.append(part)
    return (parts[0] if len(parts) == 1 else AllOf(tuple(parts))), tokens


def _atom(tokens: list[str], text: str) -> tuple[Condition, list[str]]:
    if not tokens:
        raise ValueError(f"condition {text!r}: ends too early")
    head, rest = tokens[0], tokens[1:]
    if head == "(":
        inner, rest = _alternatives(rest, text)
        if not rest or rest[0] != ")":
            raise ValueError(f"condition {text!r}: a closing bracket is missing")
        return inner, rest[1:]
    if head in {")", "or", "and"}:
        raise ValueError(f"condition {text!r}: unexpected {head!r}")
    simple: dict[str, Condition] = {"free": FREE, "never": NEVER, "PIN": PIN}
    return simple.get(head, KeyProof(head)), rest
