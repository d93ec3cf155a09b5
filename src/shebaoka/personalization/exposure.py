"""Which cards a loss affects: the exposed keys against return files, one pass, nothing kept in memory.

A card counts when it was made and at least one of its keys is exposed. Which keys it has stands beside the
return file (``keys.json``, or the product in ``batch.json``); of a return file that was moved away from its
batch only algorithm and versions are known, and its cards count when they could have an exposed key."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from shebaoka.personalization.batch_keys import KeyName, keys_of_batch
from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.returns import COLUMNS, replaced
from shebaoka.personalization.state import RETURN
from shebaoka.vault.catalogue import PSAM_ACCESS
from shebaoka.vault.contents import KeyFact
from shebaoka.vault.exposure import Exposure, Hold

CARD_COLUMNS = ("file", "row", "card_number", "identification_code", "city", "date", "hold")
_NOT_ON_CARDS = frozenset({"control", "transport", PSAM_ACCESS})
_SUITES = {"3DES": ("3DES", "DES"), "SM4": ("SM4",)}


@dataclass(frozen=True, slots=True)
class AffectedCard:
    """A card with an exposed key. ``file``: the return file that has it, in line ``row`` of its list;
    ``city``: issuing city, six digits; ``date``: of making, YYYY-MM-DD."""

    file: Path
    row: int
    card_number: str
    identification_code: str
    city: str
    date: str
    hold: Hold


@dataclass(slots=True)
class Tally:
    """A return file: cards made, cards affected, the worst hold among them, and whether the keys on its cards
    were known or had to be guessed from algorithm and versions."""

    file: Path
    made: int = 0
    affected: int = 0
    hold: Hold | None = None
    exact: bool = True


def affected_cards(exposure: Exposure, source: Path, tally: Tally | None = None) -> Iterator[AffectedCard]:
    """The affected cards of a batch folder or return file, in its order. ``tally`` is counted up.

    Raises PersonalizationError for a file that is no return file."""
    path = source / RETURN if source.is_dir() else source
    tally = tally if tally is not None else Tally(path)
    own = keys_of_batch(path.parent)
    tally.file, tally.exact = path, own is not None
    judged: dict[tuple[str, str, str], Hold | None] = {}
    for line in _made(path):
        row, card_number, code, algorithm, versions, date = line
        tally.made += 1
        what = code[:6], algorithm, versions
        if what not in judged:
            keys = own if own is not None else _possible(exposure, algorithm, versions)
            judged[what] = exposure.hold_on_card(code[:6], keys)
        hold = judged[what]
        if hold is None:
            continue
        tally.affected += 1
        tally.hold = hold if tally.hold is None else max(tally.hold, hold)
        yield AffectedCard(path, int(row), card_number, code, code[:6], date, hold)


def write_affected(exposure: Exposure, sources: Iterable[Path], output: Path | None) -> list[Tally]:
    """The tallies of batch folders and return files; with ``output`` also a CSV of all affected cards
    (:data:`CARD_COLUMNS`, mode 0600), in place only when it is whole."""
    if output is None:
        return [_count(exposure, source, None) for source in sources]
    with replaced(output) as file:
        csv.writer(file).writerow(CARD_COLUMNS)
        return [_count(exposure, source, file) for source in sources]


def _count(exposure: Exposure, source: Path, file: TextIO | None) -> Tally:
    tally = Tally(source)
    cards = affected_cards(exposure, source, tally)
    rows = (
        (c.file, c.row, c.card_number, c.identification_code, c.city, c.date, c.hold.name.lower())
        for c in cards
    )
    if file is None:
        for _ in rows:
            pass
    else:
        csv.writer(file).writerows(rows)
    return tally


def _made(path: Path) -> Iterator[list[str]]:
    """Row, card number, identification code, algorithm, versions and date of every card that was made."""
    wanted = [
        COLUMNS.index(name)
        for name in ("row", "card_number", "identification_code", "algorithm", "key_versions", "date")
    ]
    status = COLUMNS.index("status")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file)
            if tuple(next(lines, ())) != COLUMNS:
                raise PersonalizationError(f"{path}: is no return file; its columns are {', '.join(COLUMNS)}")
            for line in lines:
                if len(line) != len(COLUMNS):
                    raise PersonalizationError(f"{path}: line {lines.line_num} is cut off")
                if line[status] == "made":
                    yield [line[index] for index in wanted]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise PersonalizationError(f"{path}: cannot be read: {error}") from None


def _possible(exposure: Exposure, algorithm: str, versions: str) -> set[KeyName]:
    """Every exposed key that a card of this algorithm with versions up to the last of ``versions`` may
    have."""
    last = versions.rpartition("-")[2]
    most = int(last) if last.isdecimal() else 255
    return {
        (key.name, key.version, key.algorithm)
        for key in (exposed.key for exposed in exposure.keys)
        if key.algorithm in _SUITES.get(algorithm, (algorithm,)) and key.version <= most and _on_cards(key)
    }


def _on_cards(key: KeyFact) -> bool:
    return key.usage not in _NOT_ON_CARDS and not key.name.startswith(("CARRIER-", "PSAM-", "ADF-", "DDF-"))
