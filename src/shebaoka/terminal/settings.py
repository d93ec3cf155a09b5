"""What a terminal supports and how it behaves: the parameters of its owner, as one value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from os import urandom
from typing import Final

from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.keys import key_catalogue
from shebaoka.spec.layouts import card_layout, with_annex
from shebaoka.spec.model import CardLayout, KeyEntry
from shebaoka.terminal.blacklist import Blacklist, StaleRule

CHINA: Final = timezone(timedelta(hours=8), "UTC+8")
_ANNEX: Final = ("DF05", "DF06")
STK, IRK, DPK, PUK, BK = "STK", "IRK", "DPK", "PUK", "BK"


def china_now() -> datetime:
    """Now, in China Standard Time: the time that cards record."""
    return datetime.now(CHINA)


@dataclass(frozen=True, slots=True)
class PinRule:
    """Digits a keypad accepts: 4-12 by default (Part 8 §6.2.4); the card itself takes 4-16 (decision K25)."""

    shortest: int = 4
    longest: int = 12

    def __post_init__(self) -> None:
        if not 4 <= self.shortest <= self.longest <= 16:
            raise ValueError(f"a PIN has 4 to 16 digits, not {self.shortest} to {self.longest}")


@dataclass(frozen=True)
class Settings:
    """Parameters of a terminal.

    ``institutions``: accepted beginnings of the institution number (初始化机构编号) in hex; ``card_classes``:
    codes of table 11; ``generations``: layout of each first version digit; ``algorithms`` it can match;
    ``authenticate``: refuse cards that cannot prove IRK (False only for reading free data without keys).
    ``ascii_types``: transaction types are the characters ``31``/``32``, else ``01``/``02`` (decision K43).
    ``layouts`` and ``keys`` replace the built-in ones of a generation, for regional extensions; the optional
    applications of V2 appendix B and their keys are always known beside them.
    """

    institutions: tuple[str, ...] = ("9156000002",)
    card_classes: tuple[str, ...] = ("1", "2", "3", "4")
    generations: Mapping[str, str] = field(default_factory=lambda: {"1": "1.0", "2": "2.0", "3": "3.0"})
    algorithms: frozenset[Algorithm] = frozenset({Algorithm.TDES, Algorithm.SM4})
    authenticate: bool = True
    ascii_types: bool = True
    pin_rule: PinRule = field(default_factory=PinRule)
    blacklist: Blacklist | None = None
    stale_rule: StaleRule = field(default_factory=StaleRule)
    clock: Callable[[], datetime] = china_now
    random: Callable[[int], bytes] = urandom
    layouts: Mapping[str, CardLayout] = field(default_factory=dict)
    keys: Mapping[str, tuple[KeyEntry, ...]] = field(default_factory=dict)

    def layout(self, generation: str) -> CardLayout:
        """The layout of ``1.0``, ``2.0`` or ``3.0``."""
        own = self.layouts.get(generation)
        return with_annex(own) if own else card_layout(generation, annex=True)

    def catalogue(self, generation: str) -> dict[str, KeyEntry]:
        """Key entries of a generation by name."""
        known = key_catalogue(generation, annex=True)
        own = self.keys.get(generation)
        if own:
            known = (*(entry for entry in known if entry.directory in _ANNEX), *own)
        return {entry.name: entry for entry in known}

    def generation(self, version: str) -> str | None:
        """The generation of a specification version (item 03, ``2.00``); an empty one is the first standard
        (LB 002-2000); None when this terminal does not support it."""
        return self.generations.get(version[:1] or "1")
