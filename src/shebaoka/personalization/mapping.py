"""The mapping file: which column goes where on the card, and how its texts are read
(docs/reference/mapping.md)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec

from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.sources import CsvSource, ExcelSource, FixedSource, Source
from shebaoka.personalization.targets import Target, parse_target, record_places
from shebaoka.spec.errors import SpecError
from shebaoka.spec.loading import read_toml
from shebaoka.spec.model import CardLayout

NAME, PIN, PAN, BALANCE, KEPT_NUMBER = "name", "pin", "bank_pan", "medical.balance", "kept_number"
"""Targets that are no single item: the name over items 09 and 4E, the initial PIN, the bank card number for
the stripe, the opening balance of the medical account, the card number that an exchange keeps."""

SPECIAL = (NAME, PIN, PAN, BALANCE, KEPT_NUMBER)
PERSON_NUMBER, FULL_NAME, NAME_REST = "SSSE.EF06.08", "SSSE.EF06.09", "SSSE.EF06.4E"
SEX, BIRTH_DATE = "SSSE.EF06.0A", "SSSE.EF06.0D"
ASSIGNED = ("SSSE.EF05.01", "SSSE.EF05.03", "SSSE.EF05.04", "SSSE.EF05.05", "SSSE.EF05.06", "SSSE.EF05.07")
"""Items the issuer's system fills itself: identification code, version, institution, dates, card number."""


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A field of a fixed-width line: column name and width in bytes."""

    name: str
    width: Annotated[int, msgspec.Meta(ge=1)]


class InputForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the list is written. ``format``: csv, xlsx, fixed or by file name; ``encoding``: auto, gbk, utf-8;
    ``names``: column names of a CSV without a line of them; ``fields``: of a fixed-width list."""

    format: Annotated[str, msgspec.Meta(pattern="^(auto|csv|xlsx|fixed)$")] = "auto"
    encoding: str = "auto"
    delimiter: Annotated[str, msgspec.Meta(min_length=1, max_length=1)] = ","
    sheet: str | None = None
    names: list[str] | None = None
    fields: list[Field] = []


class ColumnRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A column. ``to``: target (``SSSE.EF06.0A``) or a special one; ``required``: no empty cells; ``dates``:
    strptime forms; ``codes``: cell text -> code; ``yuan``: amounts in yuan; ``folder``: of picture files,
    relative to the list."""

    to: str
    required: bool = False
    dates: list[str] = []
    codes: dict[str, str] = {}
    yuan: bool = False
    folder: str = "."


class MappingFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A mapping. ``constants``: target (or ``pin``, ``medical.balance`` in fen) -> value for every row;
    ``ignore``: columns left out on purpose; ``derive``: fill birth date and sex from the social security
    number where no column gives them."""

    title: str = ""
    input: InputForm = InputForm()
    columns: dict[str, ColumnRule | str] = {}
    constants: dict[str, str] = {}
    ignore: list[str] = []
    derive: bool = True


def read_mapping(path: Path) -> MappingFile:
    """A mapping from a TOML file. Raises PersonalizationError naming file, entry and reason."""
    try:
        return msgspec.convert(read_toml(path), MappingFile)
    except msgspec.ValidationError as error:
        raise PersonalizationError(f"{path}: {error}") from None
    except SpecError as error:
        raise PersonalizationError(str(error)) from None


def open_source(path: Path, form: InputForm) -> Source:
    """The list of people. Raises PersonalizationError."""
    kind = form.format
    if kind == "auto":
        kind = "xlsx" if path.suffix.lower() in (".xlsx", ".xlsm") else "fixed" if form.fields else "csv"
    if kind == "xlsx":
        return ExcelSource(path, form.sheet)
    if kind == "fixed":
        return FixedSource(path, [(field.name, field.width) for field in form.fields], form.encoding)
    return CsvSource(path, form.encoding, form.delimiter, form.names)


@dataclass(frozen=True, slots=True)
class Column:
    """A column bound to the card: place in the row, name, rule, and target (None for a special one)."""

    index: int
    name: str
    rule: ColumnRule
    target: Target | None


@dataclass(frozen=True, slots=True)
class Binding:
    """All columns that go somewhere, and the names of those that do not. ``special``: constants of special
    targets."""

    columns: tuple[Column, ...]
    constants: tuple[tuple[Target, str], ...]
    special: dict[str, str]
    unused: tuple[str, ...]
    derive: bool


def bind(mapping: MappingFile, names: Sequence[str], layout: CardLayout) -> Binding:
    """The mapping for a list with these columns. A column without a rule goes where its name says: a target
    (``SSSE.EF06.0A``, ``name``) or the Chinese or English name of an item that occurs once on the card.

    Raises PersonalizationError for a rule without its column, a place named twice, an item the issuer fills
    itself, an item 60 in both its files (V2 §7), and when social security number or name have no column.
    """
    missing = [name for name in mapping.columns if name not in names]
    if missing:
        raise PersonalizationError(f"the list has no column {missing[0]!r}, which the mapping names")
    by_name = _item_names(layout)
    columns, unused = [], []
    for index, name in enumerate(names):
        rule = mapping.columns.get(name)
        if rule is None:
            to = None if name in mapping.ignore else _by_itself(name, by_name)
            if to is None:
                unused.append(name)
                continue
            rule = ColumnRule(to=to)
        elif isinstance(rule, str):
            rule = ColumnRule(to=rule)
        if rule.to == FULL_NAME:
            rule = msgspec.structs.replace(rule, to=NAME)
        target = None if rule.to in SPECIAL else parse_target(layout, rule.to)
        columns.append(Column(index, name, rule, target))
    special = {to: text for to, text in mapping.constants.items() if to in (PIN, BALANCE)}
    constants = tuple(
        (parse_target(layout, to), text) for to, text in mapping.constants.items() if to not in special
    )
    _check(columns, mapping.constants, layout)
    return Binding(tuple(columns), constants, special, tuple(unused), mapping.derive)


def _by_itself(name: str, by_name: Mapping[str, str]) -> str | None:
    if name in SPECIAL or name.startswith(("SSSE.EF", "DF")):
        return name if name in SPECIAL or "." in name else None
    return by_name.get(name)


def _item_names(layout: CardLayout) -> dict[str, str]:
    found: dict[str, str] = {}
    twice = set()
    for place in record_places(layout):
        item = place.item
        if item is None or item.children or item.count > 1 or place.text in ASSIGNED:
            continue
        for name in {item.name.zh, item.name.en}:
            if found.setdefault(name, place.text) != place.text:
                twice.add(name)
    return {name: to for name, to in found.items() if name not in twice}


def _check(columns: Iterable[Column], constants: Mapping[str, str], layout: CardLayout) -> None:
    places = [column.rule.to for column in columns] + list(constants)
    for place in places:
        if places.count(place) > 1:
            raise PersonalizationError(f"{place} is filled twice; keep one column or constant for it")
        if place in ASSIGNED:
            raise PersonalizationError(
                f"{place} is filled by the issuer's system; remove it from the mapping"
            )
    if {"DF02.EF06.60", "DF03.EF05.60"} <= set(places):
        raise PersonalizationError("item 60 stands in DF02.EF06 or in DF03.EF05, never in both (V2 §7)")
    for place in (PERSON_NUMBER, NAME):
        if place not in places:
            raise PersonalizationError(f"no column goes to {place}; every card needs it (card {layout.id})")
