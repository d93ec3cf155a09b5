"""The validation report: every problem of every row, for people (CSV) and for programs (JSON)."""

import csv
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Self, TextIO

import msgspec


class Kind(StrEnum):
    """What is wrong with a value."""

    UNREADABLE = "unreadable"
    MISSING = "missing"
    ID_NUMBER = "id-number"
    DUPLICATE = "duplicate"
    ISSUED = "already-issued"
    CHARACTER = "character"
    TOO_LONG = "too-long"
    CODE = "code"
    DATE = "date"
    FORMAT = "format"
    CONTRADICTION = "contradiction"


class Problem(msgspec.Struct, frozen=True):
    """A problem of a row: line number in the file, column name, what is wrong, what to do."""

    row: int
    column: str
    kind: Kind
    what: str
    advice: str


class Summary(msgspec.Struct, frozen=True):
    """Rows seen, taken and refused, and how often each kind of problem occurred."""

    rows: int
    good: int
    refused: int
    problems: dict[str, int]


class Report:
    """Writes problems as they come: ``validation.csv`` (UTF-8 with mark, opens in Excel) and
    ``validation.json`` (one object a line, then a summary line)."""

    def __init__(self, directory: Path) -> None:
        self._csv: TextIO = _private(directory / "validation.csv", "utf-8-sig")
        self._json: TextIO = _private(directory / "validation.json", "utf-8")
        self._writer = csv.writer(self._csv)
        self._writer.writerow(("row", "column", "kind", "what", "advice"))
        self._kinds: Counter[str] = Counter()
        self._rows = self._refused = 0

    def row(self, problems: list[Problem]) -> None:
        """Counts a row; with problems it is refused."""
        self._rows += 1
        if not problems:
            return
        self._refused += 1
        for problem in problems:
            self._kinds[problem.kind] += 1
            self._writer.writerow((problem.row, problem.column, problem.kind, problem.what, problem.advice))
            self._json.write(msgspec.json.encode(problem).decode() + "\n")

    def summary(self) -> Summary:
        """The counts, written as the last line of the JSON file."""
        summary = Summary(self._rows, self._rows - self._refused, self._refused, dict(self._kinds))
        self._json.write(msgspec.json.encode({"summary": summary}).decode() + "\n")
        return summary

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._csv.close()
        self._json.close()


def _private(path: Path, encoding: str) -> TextIO:
    path.touch(mode=0o600)
    path.chmod(0o600)
    return path.open("w", encoding=encoding, newline="")


def refused_rows(directory: Path) -> Iterator[tuple[int, str]]:
    """Each refused row of a finished report with its first problem, in the order of the report."""
    last = 0
    with (directory / "validation.json").open("rb") as file:
        for line in file:
            try:
                problem = msgspec.json.decode(line, type=Problem)
            except msgspec.ValidationError:  # the summary
                continue
            if problem.row != last:
                last = problem.row
                yield problem.row, f"{problem.column}: {problem.what}" if problem.column else problem.what
