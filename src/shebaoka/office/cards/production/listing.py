"""The list of a batch as personalization takes it: a CSV below the batch's folder, and its mapping."""

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import msgspec
from django.conf import settings

from shebaoka.office.cards.choices import ApplicationKind
from shebaoka.office.cards.models import Application, Batch, Place
from shebaoka.office.cards.services.premade import nobodys
from shebaoka.office.cards.services.recording import changes_listed
from shebaoka.office.cards.services.testing import invented
from shebaoka.office.people.card_items import TOGETHER, card_items
from shebaoka.office.people.models import Person
from shebaoka.personalization.journal import Appender, frames
from shebaoka.personalization.mapping import KEPT_NUMBER, PAN, ColumnRule, InputForm, MappingFile
from shebaoka.personalization.returns import replaced

_AT_ONCE = 2000
_FILES = ("SSSE.EF07", "SSSE.EF08")  # named by where the office keeps them


def folder_of(batch: Batch) -> Path:
    """Where the batch is made, mode 0700, and no other ever: a number may come again after a transaction that
    was rolled back, an id never. Workers on several machines share this folder."""
    return Path(settings.MEDIA_ROOT).parent / "batches" / f"{batch.number}-{batch.pk.hex[-8:]}"


def directory_of(batch: Batch) -> Path:
    """The batch directory of personalization."""
    return folder_of(batch) / "batch"


def list_path(batch: Batch) -> Path:
    """The list of people, mode 0600; removed when the batch is made."""
    return folder_of(batch) / "people.csv"


def write_list(batch: Batch) -> MappingFile:
    """Writes the list in one step, with a column for every place that anybody fills; its mapping. What was
    kept of earlier changes is in the list now."""
    changes_listed(batch)
    folder = folder_of(batch)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    scratch = folder / "rows.bin"
    scratch.unlink(missing_ok=True)
    columns = _spool(batch, scratch)
    with replaced(list_path(batch), "utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        decode = msgspec.msgpack.Decoder(dict[str, str]).decode
        for row in map(decode, frames(scratch)):
            writer.writerow([row.get(column, "") for column in columns])
    scratch.unlink()
    files = {
        column: ColumnRule(to=column, folder=str(settings.MEDIA_ROOT))
        for column in columns
        if column in _FILES
    }
    return MappingFile(
        title="cards", input=InputForm(format="csv", encoding="utf-8"), columns={**files}, derive=False
    )


def _spool(batch: Batch, path: Path) -> list[str]:
    """The rows, one after the other, into a file; the columns they fill. A row that was taken out leaves an
    empty line, so that every row keeps its number."""
    columns: dict[str, None] = {}
    encode = msgspec.msgpack.Encoder().encode
    file, expected = Appender(path), 2
    try:
        for row, values in _rows(batch):
            file.append_all([encode({})] * (row - expected))
            file.append(encode(values))
            columns |= dict.fromkeys(values)
            expected = row + 1
    finally:
        file.close()
    return list(columns)


def _rows(batch: Batch) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows in order, the persons of many at once."""
    if batch.test:
        yield from invented(batch.size)
        return
    if batch.premade:
        yield from nobodys(batch)
        return
    places = Place.objects.filter(batch=batch, ended=False).select_related("application").order_by("row")
    waiting = places.iterator(_AT_ONCE)
    while part := list(islice(waiting, _AT_ONCE)):
        wanted = Person.objects.filter(pk__in=[place.application.person_id for place in part])
        persons = {each.pk: each for each in wanted.select_related("employer").prefetch_related(*TOGETHER)}
        for place in part:
            yield place.row, _values(place.application, persons[place.application.person_id])


def _values(application: Application, person: Person) -> dict[str, str]:
    values = card_items(person)
    if application.bank_card:
        values[PAN] = application.bank_card
    if application.kind == ApplicationKind.SAME_NUMBER:
        values[KEPT_NUMBER] = application.old_card
    return values
