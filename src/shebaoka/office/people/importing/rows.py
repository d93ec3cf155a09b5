"""A row of a list as it is checked: the rules of enrolment, without asking the database for each person."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from shebaoka.domain import citizen_id, names, person_number
from shebaoka.office.base.ids import new_ids
from shebaoka.office.people.choices import DocumentType
from shebaoka.office.people.importing.columns import Columns
from shebaoka.office.people.pinyin import pinyin
from shebaoka.office.people.services.contact import FIELDS
from shebaoka.spec.codes import code_table

_DATES = ("%Y%m%d", "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")
_DOCUMENTS = frozenset(DocumentType.values)


class RowError(Exception):
    """A row that is not taken. ``code``: of the error catalogue; ``detail``: without the cell's text."""

    def __init__(self, code: str, column: str = "", detail: str = "") -> None:
        super().__init__(code)
        self.code, self.column, self.detail = code, column, detail


@dataclass(slots=True)
class Incoming:
    """A good row: the values of ``people_person``, what else it says."""

    row: int
    id: str
    values: tuple[object, ...]
    number: str
    birth: date
    employer: tuple[str, str] | None = None
    guardian: tuple[str, str, str] | None = None
    facts: tuple[tuple[str, str, str], ...] = ()
    others: dict[str, str] | None = None
    remark: str = ""


COLUMNS = (
    "id", "number", "number_kind", "document_type", "document_number", "document_from", "document_until",
    "name", "pinyin", "sex", "nation", "birth", "birthplace", "nationality", "phone", "address",
    "address_region", "postcode", "email", "died_on",
)  # fmt: skip
"""What :attr:`Incoming.values` are, in this order."""


class RowReader:
    """Reads the rows of one list. ``young``: born after that day needs a guardian."""

    def __init__(self, columns: Columns, today: date, young: date) -> None:
        at = columns.fields
        self._columns, self._today, self._young = columns, today, young
        self._number, self._name = at["number"], at["name"]
        self._contact = [(name, at.get(name), most) for name, most in FIELDS.items()]
        self._at: Callable[[str], int | None] = at.get
        self._sexes, self._nations = _labels("13"), _labels("14")
        self._names: dict[str, str] = {}
        self._good: set[str] = set()
        self._ids = new_ids()

    def read(self, row: int, cells: Sequence[str]) -> Incoming:
        """The row. Raises RowError."""
        number, kind, told = self._numbered(cells[self._number])
        name = self._named(cells[self._name])
        birth = self._date(cells, "birth") or (told.birth if told else None)
        sex = self._coded(cells, "sex", self._sexes) or (told.sex if told else "")
        if birth is None or not sex:
            raise RowError("people.sex-or-birth", "birth" if birth is None else "sex")
        if (told and birth != told.birth) or birth > self._today:
            raise RowError("people.sex-or-birth", "birth")
        died = self._date(cells, "died_on")
        if died is not None and not birth <= died <= self._today:
            raise RowError("people.dates", "died_on")
        guardian = self._guardian(cells)
        if birth > self._young and guardian is None and died is None:
            raise RowError("people.guardian-lacking", "guardian_name")
        document = self._text(cells, "document_type", 2) or "01"
        if document not in _DOCUMENTS:
            raise RowError("people.document-type", "document_type")
        values = (
            next(self._ids),
            number,
            kind,
            document,
            self._text(cells, "document_number", 20).upper() or number,
            self._date(cells, "document_from"),
            self._date(cells, "document_until"),
            name,
            pinyin(name),
            sex,
            self._coded(cells, "nation", self._nations),
            birth,
            self._region(cells, "birthplace"),
            self._text(cells, "nationality", 3).upper() or "CHN",
            *(self._text(cells, field, most) for field, _, most in self._contact),
            died,
        )
        made = Incoming(row, str(values[0]), values, number, birth, self._employer(cells), guardian)
        made.facts = self._facts(cells)
        if told is not None and sex != told.sex:
            made.remark = (
                "people.sex-differs"  # no reason to refuse (GB 11643 tells what was registered first)
            )
        if self._columns.others:
            made.others = {name: cells[index].strip() for name, index in self._columns.others.items()}
        return made

    def _numbered(self, text: str) -> tuple[str, str, citizen_id.CitizenId | None]:
        try:
            settled = person_number.settled(text)
            told = citizen_id.parse(settled) if settled[:1].isdigit() else None
            kind = person_number.of_identity(settled) if told else person_number.validate(settled)
        except ValueError as error:
            raise RowError("people.number-wrong", "number", str(error)) from None
        if told is not None and not 0 <= self._today.year - told.birth.year <= 150:
            raise RowError("people.number-wrong", "number", "the birth date in it is no living person's")
        return settled, kind.value, told

    def _named(self, text: str) -> str:
        name = text.strip(" \u3000")
        if not name or len(name) > names.LONGEST:
            raise RowError("people.name-unfit", "name")
        if not self._good.issuperset(name):
            try:
                names.check(name)
            except names.UnfitNameError as error:
                raise RowError(
                    "people.name-character",
                    "name",
                    f"{names.code_points(error.character)} at {error.position}",
                ) from None
            if len(self._good) < 30_000:
                self._good.update(each for each in name if names.classify(each) is names.CharacterClass.GBK)
        return name

    def _text(self, cells: Sequence[str], field: str, most: int) -> str:
        index = self._at(field)
        if index is None:
            return ""
        text = cells[index].strip()
        if len(text) > most or not text.isprintable():
            raise RowError("people.too-long", field)
        return text

    def _region(self, cells: Sequence[str], field: str) -> str:
        text = self._text(cells, field, 6)
        if text and not (len(text) == 6 and text.isascii() and text.isdigit()):
            raise RowError("people.region-wrong", field)
        return text

    def _date(self, cells: Sequence[str], field: str) -> date | None:
        index = self._at(field)
        text = cells[index].strip() if index is not None else ""
        if not text:
            return None
        if len(text) == 8 and text.isascii() and text.isdigit():
            try:
                return date(int(text[:4]), int(text[4:6]), int(text[6:]))
            except ValueError:
                raise RowError("people.dates", field) from None
        for form in _DATES[1:]:
            try:
                return datetime.strptime(text, form).date()
            except ValueError:
                continue
        raise RowError("people.dates", field)

    def _coded(self, cells: Sequence[str], field: str, known: dict[str, str]) -> str:
        index = self._at(field)
        text = cells[index].strip() if index is not None else ""
        if not text:
            return ""
        code = known.get(text)
        if code is None:
            raise RowError("people.code-unknown", field)
        return code

    def _employer(self, cells: Sequence[str]) -> tuple[str, str] | None:
        code = self._text(cells, "employer_code", 18).upper()
        if not code:
            return None
        if len(code) not in (9, 18) or not (code.isascii() and code.isalnum()):
            raise RowError("people.employer-code", "employer_code")
        return code, self._text(cells, "employer_name", 120)

    def _guardian(self, cells: Sequence[str]) -> tuple[str, str, str] | None:
        name = self._text(cells, "guardian_name", names.LONGEST)
        document = self._text(cells, "guardian_document", 20).upper()
        if not name and not document:
            return None
        if not name or not document:
            raise RowError("people.guardian-lacking", "guardian_document" if name else "guardian_name")
        return self._named(name), document, self._text(cells, "guardian_phone", 20)

    def _facts(self, cells: Sequence[str]) -> tuple[tuple[str, str, str], ...]:
        return tuple(
            (subject, field, text)
            for index, subject, field in self._columns.facts
            if (text := cells[index].strip())
        )


def _labels(table: str) -> dict[str, str]:
    """Codes and labels of a table, labels in Chinese also without 族 or 性, to codes."""
    known: dict[str, str] = {}
    for code, label in code_table(table).codes.items():
        known |= {code: code, label.zh: code, label.zh.rstrip("族性"): code, label.en: code}
        known.setdefault(code.lstrip("0") or "0", code)
    return known | ({"97": "99", "98": "99"} if table == "14" else {"0": "9"})
