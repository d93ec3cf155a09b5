"""The functions by name, as data (``data/calls.toml``)."""

import tomllib
from functools import cache
from importlib import resources
from typing import Literal

import msgspec


class Call(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A function: name, parameters that come in, by their C names and in their order; ``family``: ``psam``
    and ``hsm`` (the standard's), ``extension`` (PIN passed in), ``answers`` (the driver asks the HSM itself),
    ``own`` (of this project);
    ``out``: what pOutInfo holds, empty for nothing; ``bizcode`` its number in that dialect."""

    name: str
    family: Literal["psam", "hsm", "extension", "answers", "own"]
    parameters: tuple[str, ...]
    zh: str
    en: str
    es: str
    out: str = ""
    bizcode: str = ""


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    call: tuple[Call, ...]


@cache
def calls() -> dict[str, Call]:
    """All functions by name, in the order of the document."""
    raw = (resources.files("shebaoka.driver") / "data" / "calls.toml").read_text("utf-8")
    return {call.name: call for call in msgspec.convert(tomllib.loads(raw), _Table).call}
