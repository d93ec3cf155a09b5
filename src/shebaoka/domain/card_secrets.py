"""Do I need a password to use my card? One decision over use, the region's rules and the card's state.

Four secrets exist and none replaces another: enquiry password (查询密码), card PIN (卡密码), bank password
(银行密码), electronic card password (电子社保卡密码). The uses and the words are ``data/card-secrets.toml``.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from shebaoka.domain.region_rules import RegionRules
from shebaoka.spec.loading import read_toml
from shebaoka.spec.parameters import Wording

_DATA = Path(__file__).parent / "data" / "card-secrets.toml"

Secret: TypeAlias = Literal["enquiry", "pin", "bank", "electronic"]
Rule: TypeAlias = Literal[
    "free",
    "enquiry",
    "identity-questions",
    "document",
    "pin-if-set",
    "pin-changed",
    "pin-by-region",
    "pin-spend",
    "pin-or-clerk",
    "place-of-treatment",
    "bank",
    "credit-only",
    "sets-pin",
    "sets-bank",
    "electronic",
]


class Pin(StrEnum):
    """What is known of the card's PIN; VERIFY without data tells (Part 5 §6.14), INITIAL the registry."""

    UNKNOWN = "unknown"
    NONE = "none"
    INITIAL = "initial"
    SET = "set"
    BLOCKED = "blocked"


class Needed(StrEnum):
    """Whether the secret is asked for. REFUSED: not before something else was done."""

    NO = "no"
    YES = "yes"
    IF_SET = "if-set"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Answer:
    """``secret``: which one, None for none; ``reason``: a key of :attr:`Secrets.reasons`; ``source``: L law,
    S card standard, P practice, D this software."""

    needed: Needed
    secret: Secret | None
    reason: str
    source: str


class SecretWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A secret's name, what it guards, its form, and how it is set, changed and recovered."""

    name: Wording
    guards: Wording
    form: Wording
    set: Wording
    change: Wording
    recover: Wording


class Use(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A use of the card, the places where it can be had, and the rule that says what it asks for."""

    name: Wording
    rule: Rule
    places: tuple[str, ...]
    source: Literal["L", "S", "P", "D"]


class Secrets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything of the data file."""

    secrets: dict[Secret, SecretWords]
    places: dict[str, Wording]
    uses: dict[str, Use]
    reasons: dict[str, Wording]


@cache
def secrets() -> Secrets:
    """The secrets, places, uses and reasons. Raises ValueError for a use at a place that does not exist."""
    found = msgspec.convert(read_toml(_DATA), Secrets)
    if lost := {place for use in found.uses.values() for place in use.places} - found.places.keys():
        raise ValueError(f"{_DATA.name}: no such place: {', '.join(sorted(lost))}")
    return found


def password_required(use: str, rules: RegionRules, pin: Pin = Pin.UNKNOWN) -> Answer:
    """Which secret ``use`` asks for in a region with ``rules``, of a card whose PIN is in state ``pin``.

    Raises KeyError for an unknown use.
    """
    found = secrets().uses[use]
    needed, secret, reason = _decide(found.rule, rules, pin)
    return Answer(needed, secret, reason, found.source)


def said(text: Wording, rules: RegionRules) -> Wording:
    """``text`` with the region's values in place of the names in braces."""
    values: Mapping[str, object] = asdict(rules)
    return Wording(text.zh.format_map(values), text.en.format_map(values), text.es.format_map(values))


_Decision: TypeAlias = tuple[Needed, Secret | None, str]
_FIXED: dict[Rule, _Decision] = {
    "free": (Needed.NO, None, "free"),
    "identity-questions": (Needed.NO, None, "identity-questions"),
    "document": (Needed.NO, None, "document"),
    "credit-only": (Needed.NO, None, "credit-only"),
    "place-of-treatment": (Needed.IF_SET, "pin", "place-of-treatment"),
    "sets-pin": (Needed.NO, "pin", "sets-pin"),
    "sets-bank": (Needed.NO, "bank", "sets-bank"),
    "electronic": (Needed.YES, "electronic", "electronic"),
    "bank": (Needed.YES, "bank", "bank"),
}
_OF_BANK: frozenset[Rule] = frozenset({"bank", "credit-only", "sets-bank"})


def _decide(rule: Rule, rules: RegionRules, pin: Pin) -> _Decision:
    if rule in _OF_BANK and not rules.financial:
        return Needed.REFUSED, None, "no-bank"
    if rule in _FIXED:
        return _FIXED[rule]
    if rule == "enquiry":
        if rules.enquiry_initial == "real-name":
            return Needed.NO, None, "real-name"
        return Needed.YES, "enquiry", "enquiry"
    if rule == "pin-by-region" and not rules.pin_at_settlement:
        return Needed.NO, None, "region-none"
    if rule == "pin-or-clerk" and pin in {Pin.BLOCKED, Pin.INITIAL}:
        return Needed.NO, None, "document"
    return _of_pin(rule, rules, pin)


def _of_pin(rule: Rule, rules: RegionRules, pin: Pin) -> _Decision:
    match pin:
        case Pin.NONE:
            return Needed.NO, None, "pin-none"
        case Pin.BLOCKED:
            return Needed.REFUSED, "pin", "pin-blocked"
        case Pin.INITIAL if rule == "pin-changed" or (rule == "pin-spend" and not rules.initial_pin_spends):
            return Needed.REFUSED, "pin", "pin-initial"
        case Pin.UNKNOWN:
            return Needed.IF_SET, "pin", "pin-if-set"
        case _:
            return Needed.YES, "pin", "pin-set"
