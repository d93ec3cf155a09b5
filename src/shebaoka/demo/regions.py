"""The two invented provinces of the demonstration, 98 and 99, with a city each."""

from functools import cache
from importlib.resources import files

import msgspec


class District(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A district or county: six-digit code and name."""

    code: str
    name: str


class City(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An issuing city with its offices; ``phone`` is the area code."""

    code: str
    name: str
    office: str
    agency: str
    employment: str
    assessment: str
    phone: str
    districts: tuple[District, ...]
    streets: tuple[str, ...]
    hospitals: tuple[str, ...]
    schools: tuple[str, ...]
    employers: tuple[str, ...]


class Province(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A province: two-digit code, name, social security office, cooperating bank, its city."""

    code: str
    name: str
    office: str
    bank: str
    city: City


class _Regions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    provinces: tuple[Province, ...]


@cache
def provinces() -> tuple[Province, ...]:
    """沧岚省 (98) with 雾江市, 澄屿省 (99) with 星屿市."""
    text = files("shebaoka.demo").joinpath("data", "regions.toml").read_text("utf-8")
    return msgspec.toml.decode(text, type=_Regions).provinces


def organization_code(serial: int) -> str:
    """A nine-character organization code (GB 11714): eight digits and their check character.

    >>> organization_code(21435698)
    '214356985'
    """
    body = f"{serial:08d}"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    check = 11 - sum(int(c) * w for c, w in zip(body, weights, strict=True)) % 11
    return body + {10: "X", 11: "0"}.get(check, str(check))
