"""Where the drivers in the field differ (terminal interface §8), as switches of one value."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec

from shebaoka.driver.basic_fields import FIELDS, LISTS
from shebaoka.spec.algorithm import Algorithm

Language = Literal["zh", "en", "es"]


class ProfileError(ValueError):
    """A profile file that cannot be used: file and reason in one line."""


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How this driver speaks.

    ``language`` of error texts; ``basic``: name of the list of items of iReadCardBas, or own ``fields``
    (names of ``basic_fields``) with ``separator``; ``reset``: the 13 historical bytes, the answer without
    its first four bytes, or the whole answer; ``ninth``: the reader's number as a ninth item of the first
    HSM step; ``algorithm``: code ``01 02 03`` or the words ``DES SSF33 SM4``; ``wrong_type``: the code for
    an unknown ``iType``; ``proof_differs``: -25 as some builds have it, or -21; ``initial_pins``: PINs that
    allow no payment and may not be chosen; ``pin_seconds``: how long a PIN entry waits; ``key_addresses``:
    the HSM's index by key name, for HSMs with numbers of their own.
    """

    language: Language = "zh"
    basic: str = "standard"
    fields: tuple[str, ...] = ()
    separator: str = "|"
    reset: Literal["historical", "tail", "whole"] = "historical"
    ninth: bool = False
    algorithm: Literal["code", "word"] = "code"
    wrong_type: Literal[-1, -14] = -1
    proof_differs: Literal[-25, -21] = -25
    initial_pins: frozenset[str] = frozenset()
    pin_seconds: float = 60
    key_addresses: Mapping[str, str] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.basic not in LISTS:
            raise ValueError(f"basic is one of {', '.join(LISTS)}, not {self.basic!r}")
        if unknown := set(self.fields) - set(FIELDS):
            raise ValueError(f"there is no field {sorted(unknown)[0]!r}; there are {', '.join(FIELDS)}")
        if len(set(self.key_addresses.values())) != len(self.key_addresses):
            raise ValueError("two keys have the same address")

    def __repr__(self) -> str:
        return f"<profile {self.basic}, {self.language}>"

    @property
    def basic_fields(self) -> tuple[str, ...]:
        """Names of the items of iReadCardBas in order."""
        return self.fields or LISTS[self.basic]

    def reset_text(self, answer: bytes, historical: bytes) -> str:
        """The reset information in hex."""
        chosen = {"historical": historical, "tail": answer[4:], "whole": answer}[self.reset]
        return chosen.hex().upper()

    def algorithm_text(self, algorithm: Algorithm) -> str:
        """``01``, ``02``, ``03``, or the word."""
        code = algorithm.fci or 1
        return f"{code:02d}" if self.algorithm == "code" else ("DES", "SSF33", "SM4")[code - 1]


def read_profile(path: Path) -> Profile:
    """A profile from a TOML file with the names of :class:`Profile`. Raises ProfileError, OSError."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Profile)
    except ValueError as error:
        raise ProfileError(f"{path}: {error}") from error
