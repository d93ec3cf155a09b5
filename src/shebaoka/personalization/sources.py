"""Lists of people as rows of text: CSV, Excel and fixed width, streamed.

A row is ``(number, cells)``; ``number`` counts lines (sheet rows) of the file from 1, so that a person
finds it. Rows that cannot be read at all come as :class:`BadRow`, and reading goes on."""

import codecs
import csv
import zipfile
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO, Protocol, Self, TextIO, TypeAlias

import openpyxl

from shebaoka.personalization.encodings import find_encoding, open_binary
from shebaoka.personalization.errors import PersonalizationError

_MOST_LINES = 20  # of one record of separated values
_LONGEST_LINE = 1 << 20  # characters or bytes
_LAST_ROW = 1 << 20  # of a worksheet
_UNPACKED, _EXPANSION = 100 << 20, 100  # a workbook may unpack to 100 MiB, or to a hundred times its size


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that could not be read, and why."""

    number: int
    reason: str


Row: TypeAlias = tuple[int, Sequence[str]] | BadRow


class Source(Protocol):
    """Column names and a stream of rows; ``rows`` can be asked again and then starts over."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The column names."""

    def rows(self) -> Iterator[Row]:
        """The rows, from the first."""


class CsvSource:
    """Separated values with a line of column names, or with ``names`` given and no such line."""

    def __init__(
        self,
        path: Path,
        encoding: str | None = None,
        delimiter: str = ",",
        names: Sequence[str] | None = None,
    ) -> None:
        self._path = path
        self._encoding = find_encoding(path, encoding)
        self._delimiter = delimiter
        self._skip = names is None
        self.columns = tuple(names) if names is not None else _header(path, self._first())

    def rows(self) -> Iterator[Row]:
        """The rows after the column names. Raises PersonalizationError when the text cannot be decoded."""
        width = len(self.columns)
        records = self._records(width)
        if self._skip:
            next(records, None)
        for number, cells in records:
            if isinstance(cells, str):
                yield BadRow(number, cells)
            elif len(cells) == width:
                if any(map(str.strip, cells)):
                    yield number, cells
            elif any(cells):
                yield BadRow(
                    number, f"the row has {len(cells)} columns, {width} are expected; look for separators"
                )

    def _first(self) -> Sequence[str]:
        for _, cells in self._records(None):
            return cells if isinstance(cells, list) else ()
        return ()

    def _records(self, width: int | None) -> Iterator[tuple[int, list[str] | str]]:
        """Cells, or why there are none, with the number of their first line. A record over several lines
        that is none after all (its quote was never closed) costs its first line only."""
        try:
            with self._path.open(encoding=self._encoding, newline="") as file:
                lines = _Lines(file, self._path)
                while lines.begin():
                    number = lines.number
                    cells: list[str] | str
                    try:
                        cells = next(csv.reader(lines, delimiter=self._delimiter, strict=True))
                    except csv.Error as error:
                        cells = f"not a line of separated values: {error}"
                    if lines.taken > 1 and (isinstance(cells, str) or width not in (None, len(cells))):
                        cells = "a quote is opened and not closed; close or remove it"
                        lines.give_back()
                    yield number, cells
        except UnicodeDecodeError as error:
            raise PersonalizationError(
                f"{self._path}: not {self._encoding} (byte {error.start + 1} of a block); state the encoding"
            ) from None


class _Lines:
    """Lines for one record at a time, at most :data:`_MOST_LINES`, of which all but the first can be given
    back."""

    def __init__(self, file: TextIO, path: Path) -> None:
        self._file = file
        self._path = path
        self._waiting: deque[str] = deque()
        self._record: list[str] = []
        self.number = 1

    @property
    def taken(self) -> int:
        """How many lines the present record took."""
        return len(self._record)

    def begin(self) -> bool:
        """Goes on to the next record; False at the end of the file."""
        self.number += self.taken
        self._record.clear()
        if not self._waiting and (line := self._read()):
            self._waiting.append(line)
        return bool(self._waiting)

    def give_back(self) -> None:
        """The record was its first line only."""
        self._waiting.extendleft(reversed(self._record[1:]))
        del self._record[1:]

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        if self.taken == _MOST_LINES:
            raise StopIteration
        line = self._waiting.popleft() if self._waiting else self._read()
        if not line:
            raise StopIteration
        self._record.append(line)
        return line

    def _read(self) -> str:
        line = self._file.readline(_LONGEST_LINE)
        if len(line) == _LONGEST_LINE:
            raise _too_long(self._path)
        return line


class ExcelSource:
    """The first or the named sheet of an .xlsx workbook; its first row holds the column names."""

    def __init__(self, path: Path, sheet: str | None = None) -> None:
        self._path = path
        self._sheet = sheet
        first = next(self._cells(), ())
        names = [_cell_text(cell) for cell in first]
        while names and not names[-1]:
            names.pop()
        self.columns = _header(path, names)

    def rows(self) -> Iterator[Row]:
        """The rows after the column names."""
        cells = self._cells()
        next(cells, None)
        width = len(self.columns)
        for number, row in enumerate(cells, 2):
            try:
                texts = [_cell_text(cell) for cell in row]
            except ValueError as error:
                yield BadRow(number, str(error))
                continue
            if any(texts):
                texts += [""] * (width - len(texts))
                yield (
                    (number, texts[:width])
                    if not any(texts[width:])
                    else BadRow(number, f"the row has more than {width} columns")
                )

    def _cells(self) -> Iterator[tuple[object, ...]]:
        with open_binary(self._path) as file:
            yield from self._sheet_cells(file)

    def _sheet_cells(self, file: BinaryIO) -> Iterator[tuple[object, ...]]:
        try:
            _check_expansion(file, self._path)
            with closing(openpyxl.load_workbook(file, read_only=True, data_only=True)) as book:
                sheets = {sheet.title: sheet for sheet in book.worksheets}
                name = self._sheet or next(iter(sheets), "")
                if name not in sheets:
                    raise PersonalizationError(
                        f"{self._path}: no sheet {name!r}; it has {', '.join(sheets) or 'none'}"
                    )
                sheet = sheets[name]
                sheet.reset_dimensions()  # what a workbook says of its size need not be so
                for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
                    if number > _LAST_ROW:
                        raise ValueError(f"a row beyond {_LAST_ROW}")
                    yield row
        except PersonalizationError:
            raise
        except Exception as error:  # whatever its readers of zip, XML and styles stumble over
            reason = " ".join(str(error).split()) or type(error).__name__
            raise PersonalizationError(
                f"{self._path}: not an Excel workbook (.xlsx), or damaged: {reason}; save it again"
            ) from None


class FixedSource:
    """Lines of fields of fixed width in bytes, left-justified and filled with spaces, LF or CRLF."""

    def __init__(self, path: Path, fields: Sequence[tuple[str, int]], encoding: str | None = None) -> None:
        self._path = path
        self._encoding = find_encoding(path, encoding)
        self.columns = _header(path, [name for name, _ in fields])
        self._widths = [width for _, width in fields]

    def rows(self) -> Iterator[Row]:
        """One row a line."""
        total = sum(self._widths)
        with open_binary(self._path) as file:
            for number, raw in enumerate(iter(lambda: file.readline(_LONGEST_LINE), b""), 1):
                if len(raw) == _LONGEST_LINE:
                    raise _too_long(self._path)
                line = raw.rstrip(b"\r\n")
                if number == 1:
                    line = line.removeprefix(codecs.BOM_UTF8)
                if not line.strip():
                    continue
                if len(line) != total:
                    yield BadRow(number, f"the line has {len(line)} bytes, {total} are expected")
                    continue
                try:
                    yield number, list(self._cut(line))
                except UnicodeDecodeError:
                    yield BadRow(number, "a field ends inside a character; check the widths in bytes")

    def _cut(self, line: bytes) -> Iterator[str]:
        start = 0
        for width in self._widths:
            yield line[start : start + width].decode(self._encoding).rstrip(" ")
            start += width


def _too_long(path: Path) -> PersonalizationError:
    return PersonalizationError(f"{path}: a line of a million characters: this is no list of people")


def _check_expansion(file: BinaryIO, path: Path) -> None:
    """Raises PersonalizationError for a workbook made to fill the memory, before anything is unpacked."""
    with zipfile.ZipFile(file) as parts:
        packed = sum(part.compress_size for part in parts.infolist())
        unpacked = sum(part.file_size for part in parts.infolist())
    if unpacked > max(_UNPACKED, _EXPANSION * packed):
        raise PersonalizationError(f"{path}: unpacks to {unpacked >> 20} MiB: this is no list of people")


def _header(path: Path, names: Sequence[str]) -> tuple[str, ...]:
    columns = tuple(name.strip() for name in names)
    if not any(columns):
        raise PersonalizationError(f"{path}: no column names in the first row")
    twice = {name for name in columns if name and columns.count(name) > 1}
    if twice:
        raise PersonalizationError(f"{path}: the column {min(twice)!r} occurs twice; give it one name")
    return columns


def _cell_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, datetime):
        return cell.strftime("%Y%m%d" if cell.time() == datetime.min.time() else "%Y%m%d%H%M%S")
    if isinstance(cell, date):
        return cell.strftime("%Y%m%d")
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if abs(cell) >= 1e15:
            raise ValueError("a number of 16 or more digits was rounded by Excel; format the column as text")
        return str(int(cell)) if cell == int(cell) else repr(cell)
    return str(cell)
