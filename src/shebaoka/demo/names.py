"""Invented names: common and compound surnames, long names with a dot, foreigners, rare characters."""

import random
from functools import cache
from importlib.resources import files

import msgspec

_PEOPLES_WITH_LONG_NAMES = ("05", "04", "02", "17", "05")  # V2 table 14, in the order of the lists


class NameParts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The lists of ``data/names.toml``."""

    surnames: str
    compound: tuple[str, ...]
    men: str
    women: str
    either: str
    men_long: tuple[str, ...]
    women_long: tuple[str, ...]
    foreign_men: tuple[str, ...]
    foreign_women: tuple[str, ...]
    rare: tuple[str, ...]


@cache
def name_parts() -> NameParts:
    """The parts names are made of."""
    text = files("shebaoka.demo").joinpath("data", "names.toml").read_text("utf-8")
    return msgspec.toml.decode(text, type=NameParts)


@cache
def _weights() -> list[float]:
    return [1 / (rank + 6) for rank in range(len(name_parts().surnames))]


def surname(dice: random.Random) -> str:
    """A surname; one in forty is a compound one."""
    parts = name_parts()
    if dice.random() < 0.025:
        return dice.choice(parts.compound)
    return dice.choices(parts.surnames, _weights())[0]


def given_name(dice: random.Random, *, woman: bool) -> str:
    """One or two characters."""
    parts = name_parts()
    own = parts.women if woman else parts.men
    if dice.random() < 0.18:
        return dice.choice(own)
    first = dice.choice(parts.either if dice.random() < 0.6 else own)
    return first + dice.choice(own)


def ordinary_name(dice: random.Random, *, woman: bool) -> str:
    """Surname and given name."""
    return surname(dice) + given_name(dice, woman=woman)


def rare_name(dice: random.Random, number: int) -> str:
    """A name with a character that GBK lacks; ``number`` walks through the list."""
    rare = name_parts().rare
    return surname(dice) + rare[number % len(rare)]


def long_name(dice: random.Random, *, woman: bool, longest: bool = False) -> tuple[str, str]:
    """A name of a people that writes father's names, and the code of the people (V2 table 14)."""
    parts = name_parts()
    names = parts.women_long if woman else parts.men_long
    name = max(names, key=len) if longest else dice.choice(names)
    return name, _PEOPLES_WITH_LONG_NAMES[names.index(name)]


def foreign_name(dice: random.Random, *, woman: bool) -> str:
    """A foreigner's name in the letters of the passport (V2 §8.1.2.2)."""
    parts = name_parts()
    return dice.choice(parts.foreign_women if woman else parts.foreign_men)
