"""A population, or a replaced system's people, by file: good rows are taken, every other one is told why."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from hashlib import file_digest
from pathlib import Path

from django.db import connection

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization
from shebaoka.office.parameters.selectors import number as parameter
from shebaoka.office.people.choices import LoadState, Source
from shebaoka.office.people.hooks import CARDS_IN_USE
from shebaoka.office.people.importing.chunks import Chunk, Wanted, chunks
from shebaoka.office.people.importing.helper import chunks_beside
from shebaoka.office.people.importing.loading import Loading
from shebaoka.office.people.importing.rows import RowError
from shebaoka.office.people.models import Change, Load, LoadRow
from shebaoka.office.people.services.noting import send_soon
from shebaoka.personalization.errors import PersonalizationError

SECONDS = 900  # of one statement
MOST_REPORTED = 100_000
"""Rows of a report; of more than that only the counts are kept."""


@service("people.import")
def people_import(
    act: Act,
    *,
    agency: Organization,
    path: Path,
    source: Source,
    name: str = "",
    delimiter: str = ",",
    closed: bool = False,
) -> Load:
    """Takes a list (CSV or Excel) of persons insured at ``agency``, all in one transaction with one record:
    killed before its end, it changed nothing. Persons who are there already are left as they are.
    ``closed``: within :func:`~shebaoka.office.people.importing.filling.population`.

    Raises Refusal ``people.list-unreadable``, ``people.list-columns``."""
    act.on(agency)
    try:
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        wanted = Wanted(path, delimiter, clock.today(), _young(agency))
        load = Load.objects.create(
            agency=agency, name=(name or path.name)[:120], sha256=digest, source=source, at=act.time
        )
        report = _Report(load)
        _take_all(act, agency, source, chunks_beside(wanted) if closed else chunks(wanted), report, closed)
    except (OSError, PersonalizationError):
        raise Refusal("people.list-unreadable") from None
    report.close()
    load.state, load.done_at = LoadState.DONE, clock.now()
    load.save()
    Change.objects.create(load=load, region=agency.region, act=act.name, at=act.time, next_at=act.time)
    send_soon()
    act.about(
        load,
        sha256=digest,
        taken=load.taken,
        known=load.known,
        refused=load.refused,
        duplicates=report.duplicates,
        problems=dict(report.codes.most_common(20)),
    )
    return load


def _take_all(
    act: Act, agency: Organization, source: Source, portions: Iterator[Chunk], report: "_Report", closed: bool
) -> None:
    if not closed:
        _without_haste()
    loading = Loading(agency, source, act.time, clock.today())
    for each in portions:
        _take(act, agency, loading, each, report)
        if not closed:
            loading.find_duplicates()
    if closed:
        loading.find_all_duplicates()
    report.duplicates = loading.duplicates


def _without_haste() -> None:
    """A set of a large list may take longer than a statement of a page."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = '{SECONDS}s'")


def _take(act: Act, agency: Organization, loading: Loading, chunk: Chunk, report: "_Report") -> None:
    for row, error in chunk.refused:
        report.refuse(row, error)
    made = loading.take(chunk)
    report.load.taken += chunk.count - len(made.lost)
    report.load.known += len(made.known)
    for row in made.others:
        report.refuse(row, RowError("people.number-of-another", "number"))
    report.note_known(made.known)
    out = {*made.known, *made.others}
    for row, error in chunk.remarks:
        if row not in out:
            report.remark(row, error)
    for intake, cards in zip(CARDS_IN_USE, chunk.cards, strict=True):
        for row, code, column in intake.take(act, agency, cards, made.lost):
            if row not in out:
                report.remark(row, RowError(code, column))


class _Report:
    """What is said of rows: those refused with the reason, those known already."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.codes: Counter[str] = Counter()
        self.duplicates = 0
        self._rows: list[LoadRow] = []
        self._written = 0

    def refuse(self, row: int, error: RowError) -> None:
        self.load.refused += 1
        self._note(row, error, taken=False)

    def remark(self, row: int, error: RowError) -> None:
        """The person was taken, something else of the row was not."""
        self._note(row, error, taken=True)

    def note_known(self, rows: list[int]) -> None:
        for row in rows:
            self._note(row, RowError("people.number-known", "number"), taken=False)

    def _note(self, row: int, error: RowError, *, taken: bool) -> None:
        self.codes[error.code] += 1
        if self._written + len(self._rows) >= MOST_REPORTED:
            return
        self._rows.append(
            LoadRow(
                load=self.load, row=row, taken=taken, code=error.code,
                column=error.column[:60], detail=error.detail[:200],
            )
        )  # fmt: skip
        if len(self._rows) >= 1000:
            self.close()

    def close(self) -> None:
        """Writes what is not written yet."""
        LoadRow.objects.bulk_create(self._rows)
        self._written += len(self._rows)
        self._rows.clear()


def _young(agency: Organization) -> date:
    """Who was born after that day is too young to be without a guardian."""
    day = clock.today()
    year = day.year - parameter(agency, "cards.guardian-age")
    return day.replace(year=year, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=year)
