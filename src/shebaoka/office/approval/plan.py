"""What an issuing region plans and is approved for, what a case holds, what a change needs (R-07 to R-09)."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from shebaoka.office.base.catalogue import Words
from shebaoka.spec.layouts import GENERATIONS
from shebaoka.spec.loading import read_toml

_DATA = Path(__file__).parent / "data"
_LONGEST = 400


class Plan(msgspec.Struct, frozen=True, omit_defaults=False):
    """The issuing registration form. ``quantities``: cards by year; ``layout``: "1.0", "2.0" or "3.0"."""

    face: str = ""
    layout: str = ""
    structure: str = ""
    chip: str = ""
    chip_certificate: str = ""
    cos: str = ""
    supplier: str = ""
    product: str = ""
    population: tuple[str, ...] = ()
    quantities: dict[str, int] = {}
    site: str = ""
    hsm: str = ""
    banks: tuple[str, ...] = ()
    medium: Literal["", "contact", "dual"] = ""
    start: date | None = None
    fees: str = ""
    acceptance: str = ""
    leader: str = ""
    contact: str = ""


OPTIONAL = frozenset({"banks"})


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A field of the form. ``kept_quiet``: names persons, and so stands in no record."""

    name: Words
    workflow: Literal["", "re_approval", "filing"] = ""
    test: bool = False
    kept_quiet: bool = False


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An item of the checklist or of the material."""

    name: Words
    source: str
    kinds: tuple[str, ...]
    needed: bool = True
    ending: str = ""


@cache
def fields() -> dict[str, Field]:
    """The fields by name. Raises ValueError when they are not those of :class:`Plan`."""
    found = msgspec.convert(read_toml(_DATA / "fields.toml"), dict[str, Field])
    if set(found) != set(Plan.__struct_fields__):
        raise ValueError("fields.toml: not the fields of the plan")
    return found


@cache
def items() -> dict[str, Item]:
    """What cases hold, by key ``readiness.`` or ``material.``."""
    return msgspec.convert(read_toml(_DATA / "items.toml"), dict[str, Item])


def items_of(kind: str) -> dict[str, Item]:
    """What a case of that kind holds."""
    return {key: item for key, item in items().items() if kind in item.kinds}


def unfit(plan: Plan) -> list[str]:
    """Fields with something else than they may hold."""
    found = [
        name
        for name, value in _texts(plan).items()
        if value != " ".join(value.split()) or len(value) > _LONGEST
    ]
    if plan.layout and plan.layout not in GENERATIONS:
        found.append("layout")
    years = plan.quantities
    if any(not (len(y) == 4 and y.isascii() and y.isdigit()) or not 0 < n < 10**8 for y, n in years.items()):
        found.append("quantities")
    for name in ("population", "banks"):
        entries = getattr(plan, name)
        if len(set(entries)) != len(entries) or any(not e.strip() or len(e) > 60 for e in entries):
            found.append(name)
    return found


def missing(plan: Plan) -> list[str]:
    """Fields that are still empty."""
    return [
        name
        for name in Plan.__struct_fields__
        if name not in OPTIONAL and getattr(plan, name) in ("", (), {}, None)
    ]


def changed(before: Plan, after: Plan) -> list[str]:
    """Fields that differ, in the order of the form."""
    return [name for name in Plan.__struct_fields__ if getattr(before, name) != getattr(after, name)]


def workflow(names: Mapping[str, object], otherwise: Literal["re_approval", "filing"]) -> str:
    """What a change of these fields needs (R-09): re-approval when one of them does. ``otherwise``: for
    fields the article says nothing of."""
    needed = {fields()[name].workflow or otherwise for name in names}
    return "re_approval" if "re_approval" in needed else "filing"


def tested_again(names: Mapping[str, object]) -> bool:
    """Whether a change of these fields re-opens the test (R-15)."""
    return any(fields()[name].test for name in names)


def as_data(plan: Plan) -> dict[str, Any]:
    """The plan as plain values."""
    found: dict[str, Any] = msgspec.to_builtins(plan)
    return found


def from_data(data: Mapping[str, Any]) -> Plan:
    """A plan from plain values."""
    return msgspec.convert(data, Plan)


def _texts(plan: Plan) -> dict[str, str]:
    return {name: value for name in Plan.__struct_fields__ if isinstance(value := getattr(plan, name), str)}
