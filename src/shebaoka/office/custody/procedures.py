"""Step procedures for the use of carriers, one for each kind, as data (M47 art. 24)."""

from functools import cache
from pathlib import Path

import msgspec

from shebaoka.office.base.catalogue import Words
from shebaoka.spec.loading import read_toml


class ProcedureStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A step: its name in the log, and what is to be done."""

    name: str
    text: Words


class Procedure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The steps in order."""

    steps: tuple[ProcedureStep, ...]


@cache
def procedures() -> dict[str, Procedure]:
    """By kind of carrier."""
    raw = read_toml(Path(__file__).with_name("procedures.toml"))
    return msgspec.convert(raw, dict[str, Procedure])


def steps_of(kind: str) -> tuple[ProcedureStep, ...]:
    """The steps for a kind of carrier."""
    return procedures()[kind].steps
