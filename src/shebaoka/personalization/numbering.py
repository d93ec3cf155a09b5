"""Card numbers of a region: assigned once, never twice, whatever is killed or run again.

A region is the four digits that the ATR carries in T8-T9 (Part 2 §8). Its register counts serials from 1 to
99999999; a serial names a card three times over: serial of the ATR (TA-TD, packed), serial of the
identification code (卡的识别码, V2 §8.1.1.1), and card number (卡号: letter and seven digits, V2 App. A).
One count for all three cannot collide with itself; one register per region must be kept, and it is only
ever copied whole.

The register is an SQLite file. A batch reserves serials in chunks; asking again for the same chunk of the
same batch gives the same serials, so a batch that is prepared again after a kill gets its numbers back.
Serials a batch does not use stay unused."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Protocol, Self

from shebaoka.domain import card_number
from shebaoka.personalization.errors import PersonalizationError

LAST = 99_999_999
APPLICATION = "D156000005"

_SCHEMA = """ CREATE TABLE IF NOT EXISTS region (code TEXT PRIMARY KEY, next INTEGER NOT NULL CHECK (next >
0)) STRICT; CREATE TABLE IF NOT EXISTS reservation ( batch TEXT NOT NULL, chunk INTEGER NOT NULL, region
TEXT NOT NULL, first INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (batch, chunk)) STRICT, WITHOUT
ROWID; CREATE TABLE IF NOT EXISTS issued (person INTEGER PRIMARY KEY, batch TEXT NOT NULL) STRICT; """


class CardNumbers(NamedTuple):
    """The numbers of one card: serial, card number (9 characters), the first 12 bytes of the identification
    code, historical bytes (13)."""

    serial: int
    card_number: str
    issue_code: bytes
    historical: bytes


def card_numbers(serial: int, city_code: str, vendor: str, maker: str) -> CardNumbers:
    """Everything a serial says. ``city_code`` six digits; ``vendor`` 5 and ``maker`` 2 bytes in hex.

    >>> card_numbers(1, "980100", "0081010203", "1234").historical.hex()
    '00810102031234980100000001'
    """
    if not 1 <= serial <= LAST:
        raise PersonalizationError(f"region {city_code[:4]}: serials run from 1 to {LAST}, not {serial}")
    digits = f"{serial:08d}"
    letter, rest = divmod(serial, 10_000_000)
    return CardNumbers(
        serial,
        card_number.card_number(f"{'ABCDEFGHIJ'[letter]}{rest:07d}"),
        bytes.fromhex(city_code + APPLICATION + digits),
        bytes.fromhex(vendor + maker + city_code[:4] + digits),
    )


class Numbers(Protocol):
    """What preparing a batch asks of a register of numbers, wherever it is kept."""

    def reserve(self, batch: str, chunk: int, region: str, count: int) -> range:
        """``count`` serials for a chunk of a batch, the same ones whenever it is asked again."""

    def issued_before(self, persons: Iterable[int], batch: str) -> set[int]:
        """Those of the social security numbers that another batch has a card for."""

    def issue(self, persons: Iterable[int], batch: str) -> None:
        """Notes that the batch has cards for these persons."""

    def withdraw(self, batch: str) -> None:
        """Forgets the persons of a batch, not its serials."""


class NumberRegister:
    """The register of the regions an issuer serves. Raises PersonalizationError when the file is no
    register."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.touch(mode=0o600)
            self._database = sqlite3.connect(path, isolation_level=None, timeout=30)
        except OSError as error:
            raise PersonalizationError(f"{path}: cannot be opened: {error.strerror}") from None
        except sqlite3.Error as error:
            raise PersonalizationError(f"{path}: not a number register: {error}") from None
        try:
            self._database.execute("PRAGMA synchronous = FULL")
            self._database.executescript(_SCHEMA)
        except sqlite3.Error as error:
            self._database.close()
            raise PersonalizationError(f"{path}: not a number register: {error}") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Releases the file."""
        self._database.close()

    def reserve(self, batch: str, chunk: int, region: str, count: int) -> range:
        """``count`` serials for a chunk of a batch, the same ones whenever it is asked again.

        A chunk that comes again with more cards (its list was changed before the batch was complete) gets
        fresh serials. Raises PersonalizationError when the region has none left."""
        with self._transaction() as database:
            row = database.execute(
                "SELECT region, first, count FROM reservation WHERE batch = ? AND chunk = ?", (batch, chunk)
            ).fetchone()
            if row is not None and row[0] == region and row[2] >= count:
                return range(row[1], row[1] + count)
            row = database.execute("SELECT next FROM region WHERE code = ?", (region,)).fetchone()
            first: int = row[0] if row else 1
            if first + count - 1 > LAST:
                raise PersonalizationError(f"region {region} has no {count} serials left after {first - 1}")
            database.execute(
                "INSERT INTO region VALUES (?, ?) ON CONFLICT (code) DO UPDATE SET next = excluded.next",
                (region, first + count),
            )
            database.execute(
                "INSERT OR REPLACE INTO reservation VALUES (?, ?, ?, ?, ?)",
                (batch, chunk, region, first, count),
            )
            return range(first, first + count)

    def issued_before(self, persons: Iterable[int], batch: str) -> set[int]:
        """Those of the social security numbers that another batch has a card for."""
        wanted = list(persons)
        found: set[int] = set()
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            marks = ",".join("?" * len(part))
            query = f"SELECT person FROM issued WHERE batch <> ? AND person IN ({marks})"  # noqa: S608 - only marks
            found.update(person for (person,) in self._database.execute(query, (batch, *part)))
        return found

    def issue(self, persons: Iterable[int], batch: str) -> None:
        """Notes that the batch has cards for these persons, all at once; a replacement takes the note
        over."""
        with self._transaction() as database:
            database.executemany(
                "INSERT INTO issued VALUES (?, ?) ON CONFLICT (person) DO UPDATE SET batch = excluded.batch",
                ((person, batch) for person in persons),
            )

    def withdraw(self, batch: str) -> None:
        """Forgets the persons of a batch (not its serials): it is prepared again, or called off."""
        with self._transaction() as database:
            database.execute("DELETE FROM issued WHERE batch = ?", (batch,))

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")
        except sqlite3.Error as error:
            raise PersonalizationError(f"{self._path}: not a number register, or busy: {error}") from None
