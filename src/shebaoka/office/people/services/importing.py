"""A population, or a replaced system's people, by file: good rows are taken, every other one is told why."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from hashlib import file_digest
from itertools import islice
from pathlib import Path

from django.db import connection

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization
from shebaoka.office.parameters.selectors import number as parameter
from shebaoka.office.people.choices import LoadState, Source
from shebaoka.office.people.hooks import CARDS_IN_USE
from shebaoka.office.people.importing.columns import columns_of
from shebaoka.office.people.importing.loading import Outcome, take
from shebaoka.office.people.importing.rows import Incoming, RowError, RowReader
from shebaoka.office.people.models import Change, Load, LoadRow
from shebaoka.office.people.services.noting import send_soon
from shebaoka.office.people.subjects import checked
from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.mapping import InputForm, open_source
from shebaoka.personalization.sources import BadRow, Row

CHUNK = 20_000
SECONDS = 900  # of one statement
MOST_REPORTED = 100_000
"""Rows of a report; of more than that only the counts are kept."""


@service("people.import")
def people_import(
    act: Act, *, agency: Organization, path: Path, source: Source, name: str = "", delimiter: str = ","
) -> Load:
    """Takes a list (CSV or Excel) of persons insured at ``agency``, all in one transaction with one record:
    killed before its end, it changed nothing. Persons who are there already are left as they are.

    Raises Refusal ``people.list-unreadable``, ``people.list-columns``."""
    act.on(agency)
    _without_haste()
    try:
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        listed = open_source(path, InputForm(delimiter=delimiter))
        columns = columns_of(listed.columns, frozenset().union(*(each.columns for each in CARDS_IN_USE)))
    except (OSError, PersonalizationError):
        raise Refusal("people.list-unreadable") from None
    reader = RowReader(columns, clock.today(), _young(agency))
    load = Load.objects.create(
        agency=agency, name=(name or path.name)[:120], sha256=digest, source=source, at=act.time
    )
    report = _Report(load)
    try:
        good = _good(listed.rows(), reader, report)
        while chunk := list(islice(good, CHUNK)):
            _take(act, agency, source, chunk, report)
    except PersonalizationError:
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


def _without_haste() -> None:
    """A set of a large list may take longer than a statement of a page."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = '{SECONDS}s'")


def _take(act: Act, agency: Organization, source: Source, chunk: list[Incoming], report: "_Report") -> None:
    made: Outcome = take(chunk, agency, source, act.time, clock.today())
    report.load.taken += len(made.taken)
    report.load.known += len(made.known)
    report.duplicates += made.duplicates
    for row in made.others:
        report.refuse(row, RowError("people.number-of-another", "number"))
    report.note_known(made.known)
    for each in made.taken:
        if each.remark:
            report.remark(each.row, RowError(each.remark, "sex"))
    for intake in CARDS_IN_USE:
        cards = [(each.row, each.id, each.others or {}) for each in made.taken]
        for row, code, column in intake.take(act, agency, cards):
            report.remark(row, RowError(code, column))


def _good(rows: Iterator[Row], reader: RowReader, report: "_Report") -> Iterator[Incoming]:
    for each in rows:
        if isinstance(each, BadRow):
            report.refuse(each.number, RowError("people.row-unreadable", detail=each.reason[:200]))
            continue
        number, cells = each
        try:
            made = reader.read(number, cells)
            if made.facts:
                made.facts = _checked(made.facts)
        except RowError as error:
            report.refuse(number, error)
        else:
            yield made


def _checked(facts: tuple[tuple[str, str, str], ...]) -> tuple[tuple[str, str, str], ...]:
    kept = []
    for subject, field, text in facts:
        try:
            kept += [(subject, name, value) for name, value in checked(subject, 1, {field: text}).items()]
        except Refusal as refusal:
            raise RowError(refusal.code, f"{subject}.{field}") from None
    return tuple(kept)


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
