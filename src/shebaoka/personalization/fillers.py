"""The pieces of a row encoder: one place of the card filled from one cell, or from several."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from shebaoka.codec.items import ItemError, compile_cyclic, compile_item, compile_record
from shebaoka.codec.values import Encoder, Value
from shebaoka.personalization.convert import CellError, Converter, converter, explain
from shebaoka.personalization.mapping import Column, ColumnRule
from shebaoka.personalization.report import Kind, Problem
from shebaoka.personalization.targets import Place, RecordPlan, Target
from shebaoka.spec.model import Structure

CACHE = 8192
"""Distinct texts remembered for a column: codes, regions and dates repeat, addresses do not."""

Cells: TypeAlias = Sequence[str]


def missing(row: int, column: str) -> Problem:
    """A mandatory cell is empty."""
    return Problem(row, column, Kind.MISSING, "the cell is empty", "fill it in; the column is mandatory")


def problem(row: int, column: str, error: CellError) -> Problem:
    """A cell error with its place."""
    return Problem(row, column, error.kind, error.what, error.advice)


def place_encoder(place: Place) -> Encoder:
    """Value to stored bytes: a record ``tag ‖ len ‖ value``, a cyclic record, or a whole file."""
    if place.file.structure is Structure.CYCLIC:
        return compile_cyclic(place.file)
    if place.item is None:
        raise ValueError(f"{place.text} has no item")
    if place.number:
        return compile_record(place.item)
    whole = compile_item(place.item)
    return lambda value: whole(value).rstrip(b"\x00")  # the rest of a transparent file stays as created


def target_converter(target: Target, rule: ColumnRule, folder: Path) -> Converter:
    """Text to value by the rule of a column."""
    pictures = folder / rule.folder
    return converter(target.item, codes=rule.codes, formats=rule.dates, yuan=rule.yuan, folder=pictures)


@dataclass(slots=True)
class CellFiller:
    """A place from one cell; conversions of repeated texts are remembered."""

    column: Column
    position: int
    encode: Callable[[str], bytes]
    known: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, column: Column, target: Target, position: int, folder: Path) -> "CellFiller":
        """Compiled for a column whose target is a whole place."""
        convert, pack = target_converter(target, column.rule, folder), place_encoder(target.place)
        return cls(column, position, lambda text: pack(convert(text)))

    def fill(self, row: int, cells: Cells, records: list[bytes], problems: list[Problem]) -> None:
        """Puts the record into its position, or adds a problem."""
        text = cells[self.column.index].strip()
        record = self.known.get(text)
        if record is None:
            if not text:
                if self.column.rule.required:
                    problems.append(missing(row, self.column.name))
                return
            try:
                record = self.encode(text)
            except ItemError as error:
                problems.append(problem(row, self.column.name, explain(error)))
                return
            except CellError as error:
                problems.append(problem(row, self.column.name, error))
                return
            if len(self.known) < CACHE and len(record) <= 255:
                self.known[text] = record
        records[self.position] = record


@dataclass(slots=True)
class PartsFiller:
    """A template item or a cyclic record from several cells (and constants); empty when all cells are."""

    place: Place
    position: int
    constants: dict[str, Value] = field(default_factory=dict)
    parts: list[tuple[Column, str, Converter]] = field(default_factory=list)

    def key(self, target: Target) -> str:
        """How the codec calls the part: inner tag in hex, or the field's name."""
        return target.item.name.en if self.place.item is None else f"{target.item.tag:02X}"

    def fill(self, row: int, cells: Cells, records: list[bytes], problems: list[Problem]) -> None:
        """Puts the record into its position, or adds problems."""
        values: dict[str, Value] = {}
        for column, key, convert in self.parts:
            text = cells[column.index].strip()
            if text:
                try:
                    values[key] = convert(text)
                except CellError as error:
                    problems.append(problem(row, column.name, error))
            elif column.rule.required:
                problems.append(missing(row, column.name))
        if not values:
            return
        try:
            records[self.position] = place_encoder(self.place)(self.constants | values)
        except ItemError as error:
            names = ", ".join(column.name for column, _, _ in self.parts)
            problems.append(problem(row, names, explain(error)))


def fill_constants(
    blank: list[bytes], plan: RecordPlan, constants: Sequence[tuple[Target, str]], folder: Path
) -> dict[int, PartsFiller]:
    """Puts constant items into ``blank``; constant parts of templates are returned as fillers by position.

    Raises CellError, ItemError for a constant the card cannot hold.
    """
    groups: dict[int, PartsFiller] = {}
    for target, text in constants:
        position = plan.index[target.place.text]
        value = target_converter(target, ColumnRule(to=""), folder)(text)
        if target.part is None:
            blank[position] = place_encoder(target.place)(value)
        else:
            group = groups.setdefault(position, PartsFiller(target.place, position))
            group.constants[group.key(target)] = value
    return groups
