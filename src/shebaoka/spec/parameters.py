"""National defaults of what regions decide: numbers, switches, choices and texts with the tag of their
source.

Tags: ``L`` law or ministry document that was read, ``S`` the card standard, ``K`` a published rule whose
text is still to be read, ``P`` practice of particular places, ``D`` a decision of this software, ``?`` wanted
and not found. A default is where a region starts; ``K`` and ``?`` are still to be confirmed."""

from functools import cache
from typing import Literal, TypeAlias

import msgspec

from shebaoka.spec.errors import SpecError
from shebaoka.spec.loading import DATA, read_toml, shipped

Value: TypeAlias = int | bool | str
Level: TypeAlias = Literal["ministry", "province", "city"]
Source: TypeAlias = Literal["L", "S", "K", "P", "D", "?"]
TO_CONFIRM: frozenset[str] = frozenset({"K", "?"})


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text in Chinese, English and Spanish."""

    zh: str
    en: str
    es: str


class Parameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A parameter. ``value``: the default, absent when nobody knows one; ``least`` and ``most`` bound a
    number and the length of a text; ``place``: where the source says so; ``set_by``: the levels that may give
    their own value; ``published``: stands in the rules a region publishes (M47 art. 16)."""

    type: Literal["number", "switch", "choice", "text"]
    source: Source
    place: str
    name: Wording
    value: Value | None = None
    unit: str = ""
    least: int | None = None
    most: int | None = None
    choices: dict[str, Wording] = {}
    set_by: tuple[Level, ...] = ("ministry", "province", "city")
    published: bool = False

    def fits(self, value: object) -> bool:
        """Whether ``value`` is of the type and within the bounds."""
        match self.type:
            case "switch":
                return isinstance(value, bool)
            case "number":
                return type(value) is int and self._within(value)
            case "choice":
                return isinstance(value, str) and value in self.choices
            case "text":
                return isinstance(value, str) and value == value.strip() != "" and self._within(len(value))

    def _within(self, number: int) -> bool:
        return (self.least is None or number >= self.least) and (self.most is None or number <= self.most)


@cache
def parameters() -> dict[str, Parameter]:
    """All parameters by key, ``part.name``. Raises SpecError for one that is malformed or given twice."""
    found: dict[str, Parameter] = {}
    for path in sorted((DATA / "parameters").glob("*.toml")):
        for key, raw in read_toml(path).items():
            try:
                entry = msgspec.convert(raw, Parameter)
            except msgspec.ValidationError as error:
                raise SpecError(path.name, key, str(error)) from error
            _check(path.name, key, entry)
            if key in found:
                raise SpecError(path.name, key, "is given twice")
            found[key] = entry
    return found


@cache
def units() -> dict[str, Wording]:
    """Units by name, as they follow a number."""
    return msgspec.convert(shipped("units.toml"), dict[str, Wording])


def _check(file: str, key: str, entry: Parameter) -> None:
    if not key.startswith(f"{file.removesuffix('.toml')}."):
        raise SpecError(file, key, "does not begin with the name of its file")
    if entry.value is not None and not entry.fits(entry.value):
        raise SpecError(file, key, "has a default outside of its type or bounds")
    if entry.value is None and entry.source not in TO_CONFIRM:
        raise SpecError(file, key, "has no default, so its source is K or ?")
    if bool(entry.choices) != (entry.type == "choice") or (entry.unit != "") != (entry.type == "number"):
        raise SpecError(file, key, "choices belong to a choice, a unit to a number")
    if entry.unit and entry.unit not in units():
        raise SpecError(file, key, f"has the unknown unit {entry.unit}")
