"""What goes back to the issuer (回盘): one line per row of the list, and Track 2 data for the stripe encoder.

``return.csv`` (UTF-8 with mark): row, number (social security number), card_number, identification_code,
atr, status (``made``, ``failed``, ``refused``, ``open``), algorithm, key_versions (lowest and highest
version of the keys on the card), date (of making, YYYY-MM-DD), remark. Refused rows are those of the
validation report."""

import csv
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TextIO

COLUMNS = (
    *("row", "number", "card_number", "identification_code", "atr"),
    *("status", "algorithm", "key_versions", "date", "remark"),
)


class ReturnLine(NamedTuple):
    """A line of the return file, in the order of :data:`COLUMNS`."""

    row: int
    number: str
    card_number: str
    identification_code: str
    atr: str
    status: str
    algorithm: str
    key_versions: str
    date: str
    remark: str


def write_returns(path: Path, lines: Iterable[ReturnLine]) -> int:
    """Writes the file in one step; returns the number of lines."""
    return _write(path, COLUMNS, lines)


def write_stripes(path: Path, lines: Iterable[tuple[int, str, str]]) -> int:
    """``stripe.csv``: row, card_number, track2."""
    return _write(path, ("row", "card_number", "track2"), lines)


def _write(path: Path, columns: tuple[str, ...], lines: Iterable[tuple[Any, ...]]) -> int:
    count = 0
    with replaced(path) as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for line in lines:
            writer.writerow(line)
            count += 1
    return count


@contextmanager
def replaced(path: Path, encoding: str = "utf-8-sig") -> Iterator[TextIO]:
    """A text file, mode 0600, that takes the place of ``path`` only when it was written whole."""
    scratch = path.with_name(f".{path.name}.new")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding=encoding, newline="") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)
