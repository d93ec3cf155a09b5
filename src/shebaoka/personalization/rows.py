"""From a row of the list to the records of a card: encoded, checked, with every problem named."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from shebaoka.codec.items import compile_record
from shebaoka.codec.text import TooLongError, UnencodableError, split_an
from shebaoka.codec.values import Encoder
from shebaoka.domain import card_number, person_number
from shebaoka.personalization.convert import CellError, explain_text, plain, to_fen
from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.fillers import (
    CellFiller,
    Cells,
    PartsFiller,
    fill_constants,
    missing,
    problem,
    target_converter,
)
from shebaoka.personalization.key_entries import pin_block
from shebaoka.personalization.mapping import (
    BALANCE,
    BIRTH_DATE,
    FULL_NAME,
    KEPT_NUMBER,
    NAME,
    NAME_REST,
    PAN,
    PERSON_NUMBER,
    PIN,
    SEX,
    Binding,
    Column,
)
from shebaoka.personalization.report import Kind, Problem
from shebaoka.personalization.stripe import check_pan
from shebaoka.personalization.targets import Place, RecordPlan
from shebaoka.spec.model import CardLayout, Item

MAX_BALANCE = 0xFFFF_FFFF


@dataclass(slots=True)
class Person:
    """What a good row says. ``records``: one entry per place of the plan, empty where the row says nothing;
    ``number``: the social security number as an integer, negative for one with letters; ``kept``: the card
    number of an exchange that keeps it."""

    row: int
    records: list[bytes]
    number: int = 0
    pin: str = ""
    pan: str = ""
    balance: int = 0
    kept: str = ""

    def __repr__(self) -> str:
        return f"<person of row {self.row}>"


class RowEncoder:
    """Compiled from a binding once; encodes row after row. ``folder``: where the list lies.

    Raises PersonalizationError for a constant the card cannot hold.
    """

    def __init__(self, binding: Binding, layout: CardLayout, folder: Path) -> None:
        named = [column.target.place for column in binding.columns if column.target]
        self.plan = RecordPlan.of(layout, named + [target.place for target, _ in binding.constants])
        self._blank = [b""] * len(self.plan.places)
        try:
            groups = fill_constants(self._blank, self.plan, binding.constants, folder)
            self._pin = binding.special.get(PIN, "")
            pin_block(self._pin)
            self._balance = _balance(binding.special.get(BALANCE, "0"), yuan=False)
        except ValueError as error:
            raise PersonalizationError(f"constant of the mapping: {error}") from None
        self._cells: list[CellFiller] = []
        self._special: dict[str, Column] = {}
        for column in binding.columns:
            if column.target is None or column.rule.to == PERSON_NUMBER:
                self._special[column.rule.to] = column
            elif column.target.part is None:
                position = self.plan.index[column.target.place.text]
                self._cells.append(CellFiller.of(column, column.target, position, folder))
            else:
                position = self.plan.index[column.target.place.text]
                group = groups.setdefault(position, PartsFiller(column.target.place, position))
                convert = target_converter(column.target, column.rule, folder)
                group.parts.append((column, group.key(column.target), convert))
        self._groups = [group for group in groups.values() if group.parts]
        self._identity = _Identity(self.plan, self._special, derive=binding.derive)
        self._name = _Name(self.plan, self._special[NAME])

    @property
    def number_column(self) -> str:
        """The list's name of the column with the social security number."""
        return self._special[PERSON_NUMBER].name

    def encode(self, row: int, cells: Cells) -> tuple[Person, list[Problem]]:
        """The person and the problems of a row; with problems the person is not to be used."""
        problems: list[Problem] = []
        person = Person(row, self._blank.copy(), pin=self._pin, balance=self._balance)
        for filler in self._cells:
            filler.fill(row, cells, person.records, problems)
        for group in self._groups:
            group.fill(row, cells, person.records, problems)
        self._identity.fill(person, cells, problems)
        self._name.fill(person, cells, problems)
        self._extras(person, cells, problems)
        return person, problems

    def _extras(self, person: Person, cells: Cells, problems: list[Problem]) -> None:
        for to, column in self._special.items():
            text = cells[column.index].strip()
            if to in (NAME, PERSON_NUMBER):
                continue
            if not text:
                if column.rule.required:
                    problems.append(missing(person.row, column.name))
                continue
            try:
                if to == PIN:
                    pin_block(text)
                    person.pin = text
                elif to == PAN:
                    check_pan(text)
                    person.pan = text
                elif to == KEPT_NUMBER:
                    if not card_number.check(text):
                        raise ValueError("not a card number with a right check character")
                    person.kept = text
                elif to == BALANCE:
                    person.balance = _balance(text, yuan=column.rule.yuan)
            except ValueError as error:
                advice = "correct the cell; its value is not repeated here"
                problems.append(Problem(person.row, column.name, Kind.FORMAT, str(error), advice))


class _Identity:
    """The social security number, and what a citizen's says of birth date and sex."""

    def __init__(self, plan: RecordPlan, special: dict[str, Column], *, derive: bool) -> None:
        self._column = special[PERSON_NUMBER]
        self._position = plan.index[PERSON_NUMBER]
        self._encode = compile_record(_item(plan.places[self._position]))
        self._birth, self._birth_encode = _slot(plan, BIRTH_DATE)
        self._sex, sex_encode = _slot(plan, SEX)
        self._sexes = (sex_encode("2"), sex_encode("1"))
        self._derive = derive

    def fill(self, person: Person, cells: Cells, problems: list[Problem]) -> None:
        name = self._column.name
        text = cells[self._column.index].strip().upper()
        if not text:
            problems.append(missing(person.row, name))
            return
        try:
            person_number.validate(text)
        except ValueError as error:
            advice = "compare it with the identity card"
            problems.append(Problem(person.row, name, Kind.ID_NUMBER, str(error), advice))
            return
        person.records[self._position] = self._encode(text)
        if not text[:1].isdigit():  # a foreigner's number tells neither
            person.number = -int.from_bytes(sha256(text.encode()).digest()[:7])
            return
        person.number = int(text[:17])
        birth = self._birth_encode(text[6:14])
        sex = self._sexes[int(text[16]) & 1]
        for position, derived, what in ((self._birth, birth, "birth date"), (self._sex, sex, "sex")):
            given = person.records[position]
            if not given:
                if self._derive:
                    person.records[position] = derived
            elif given != derived:
                stated = f"the {what} does not agree with the social security number"
                advice = "correct the one that is wrong"
                problems.append(Problem(person.row, name, Kind.CONTRADICTION, stated, advice))


class _Name:
    """The name over item 09 and, where the card has it, item 4E (V2 §8.1.2.2)."""

    def __init__(self, plan: RecordPlan, column: Column) -> None:
        self._column = column
        self._first, self._first_encode = _slot(plan, FULL_NAME)
        self._first_length = _item(plan.places[self._first]).length
        self._rest, self._rest_length = -1, 0
        if NAME_REST in plan.index:
            self._rest, self._rest_encode = _slot(plan, NAME_REST)
            self._rest_length = _item(plan.places[self._rest]).length

    def fill(self, person: Person, cells: Cells, problems: list[Problem]) -> None:
        text = cells[self._column.index].strip()
        if not text:
            problems.append(missing(person.row, self._column.name))
            return
        try:
            first, rest = split_an(plain(text), self._first_length, self._rest_length)
        except CellError as error:
            problems.append(problem(person.row, self._column.name, error))
            return
        except (UnencodableError, TooLongError) as error:
            cell = explain_text(error, 0x09)
            if cell is not None:
                problems.append(problem(person.row, self._column.name, cell))
            return
        person.records[self._first] = self._first_encode(first)
        if rest:
            person.records[self._rest] = self._rest_encode(rest)


def _balance(text: str, *, yuan: bool) -> int:
    try:
        fen = to_fen(text, yuan=yuan)
    except CellError as error:
        raise ValueError(error.what) from None
    if fen > MAX_BALANCE:
        raise ValueError("the balance is larger than the card's account holds")
    return fen


def _slot(plan: RecordPlan, place: str) -> tuple[int, Encoder]:
    position = plan.index[place]
    return position, compile_record(_item(plan.places[position]))


def _item(place: Place) -> Item:
    if place.item is None:
        raise ValueError(f"{place.text} has no item")
    return place.item
