"""Lists of people as rows of text: CSV, Excel and fixed width, streamed.

A row is ``(number, cells)``; ``number`` counts lines (sheet rows) of the file from 1, so that a person
finds it. Rows that cannot be read at all come as :class:`BadRow`, and reading goes on."""

import codecs
import csv
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO, Protocol, TypeAlias

import openpyxl
from charset_normalizer import from_bytes
from openpyxl.utils.exceptions import InvalidFileException

from shebaoka.personalization.errors import PersonalizationError

_BLOCK = 1 << 20
_GBK = ("gbk", "gb2312", "gb18030", "cp936")


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


def find_encoding(path: Path, stated: str | None = None) -> str:
    """The encoding of a text file: as stated, by its mark, UTF-8 if all of it is, else GBK if all of it is.

    GBK is read as its superset GB18030, so that a character the card cannot hold can be named. Raises
    PersonalizationError saying where decoding failed and what the text looks like.
    """
    if stated and stated != "auto":
        try:
            name = codecs.lookup(stated).name
        except LookupError:
            raise PersonalizationError(f"{path}: unknown encoding {stated!r}; use gbk or utf-8") from None
        return "gb18030" if name in _GBK else "utf-8-sig" if name == "utf-8" else name
    with _open(path) as file:
        mark = file.read(4)
    for bom, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if mark.startswith(bom):
            return name
    for name in ("utf-8", "gb18030"):
        if _undecodable(path, name) is None:
            return name
    with _open(path) as file:
        guess = from_bytes(file.read(_BLOCK)).best()
    looks = f"; it looks like {guess.encoding}" if guess else ""
    at = _undecodable(path, "gb18030")
    raise PersonalizationError(
        f"{path}: neither UTF-8 nor GBK (byte {at}){looks}; save it as UTF-8 or state it"
    )


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
        for number, cells in self._lines():
            if isinstance(cells, str):
                yield BadRow(number, cells)
            elif len(cells) == width:
                yield number, cells
            elif any(cells):
                yield BadRow(
                    number, f"the row has {len(cells)} columns, {width} are expected; look for separators"
                )

    def _first(self) -> Sequence[str]:
        for _, cells in self._records():
            return cells if isinstance(cells, list) else ()
        return ()

    def _lines(self) -> Iterator[tuple[int, list[str] | str]]:
        records = self._records()
        if self._skip:
            next(records, None)
        return records

    def _records(self) -> Iterator[tuple[int, list[str] | str]]:
        try:
            with self._path.open(encoding=self._encoding, newline="") as file:
                reader = csv.reader(file, delimiter=self._delimiter, strict=True)
                while True:
                    number = reader.line_num + 1
                    try:
                        yield number, next(reader)
                    except csv.Error as error:
                        yield number, f"not a line of separated values: {error}"
                    except StopIteration:
                        return
        except UnicodeDecodeError as error:
            raise PersonalizationError(
                f"{self._path}: not {self._encoding} (byte {error.start + 1} of a block); state the encoding"
            ) from None


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
        with _open(self._path) as file:
            yield from self._sheet_cells(file)

    def _sheet_cells(self, file: BinaryIO) -> Iterator[tuple[object, ...]]:
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
            raise PersonalizationError(f"{self._path}: not an Excel workbook (.xlsx): {error}") from None
        try:
            if self._sheet is not None and self._sheet not in book.sheetnames:
                sheets = ", ".join(book.sheetnames)
                raise PersonalizationError(f"{self._path}: no sheet {self._sheet!r}; it has {sheets}")
            sheet = book[self._sheet] if self._sheet is not None else book.worksheets[0]
            yield from sheet.iter_rows(values_only=True)
        finally:
            book.close()


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
        with _open(self._path) as file:
            for number, raw in enumerate(file, 1):
                line = raw.rstrip(b"\r\n")
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


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise PersonalizationError(f"{path}: cannot be read: {error.strerror}") from None


def _undecodable(path: Path, encoding: str) -> int | None:
    """The place of the first byte that is not of the encoding, or None."""
    decoder, done = codecs.getincrementaldecoder(encoding)(), 0
    with _open(path) as file:
        try:
            while block := file.read(_BLOCK):
                decoder.decode(block)
                done += len(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            return done + error.start + 1
    return None


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
