"""Lists of employers, schools and communities: one application for each good row, a report of every row."""

import csv
from collections.abc import Iterator
from hashlib import sha256
from io import StringIO

from django.db import transaction

from shebaoka.domain import person_number
from shebaoka.office.base import files
from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.choices import Applicant
from shebaoka.office.cards.issuers import issuer_of
from shebaoka.office.cards.models import Application, ApplicationList, ListRow
from shebaoka.office.cards.services.applications import NewApplication, taken
from shebaoka.office.cards.services.common import organization_of, words
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.people.models import Employer, Person

NUMBER, NAME = "社会保障号码", "姓名"
LARGEST = 20_000  # rows


@service("cards.list.take")
def list_take(
    act: Act,
    *,
    agency: str,
    applicant: Applicant,
    sender: str,
    name: str,
    content: bytes,
    new: NewApplication,
    employer: str = "",
) -> ApplicationList:
    """A CSV with the columns 社会保障号码 and 姓名 (UTF-8 or GBK). A row that cannot be taken is refused with
    its reason and holds nothing up; the same file is taken once.

    Raises Refusal ``cards.list-unfit`` for a file that is no such list, ``cards.list-known``."""
    place = organization_of(agency)
    act.on(place)
    issuer = issuer_of(place)
    digest = sha256(content).hexdigest()
    if ApplicationList.objects.filter(organization=issuer, digest=digest).exists():
        raise Refusal("cards.list-known")
    rows = list(_rows(content))
    given = Employer.objects.filter(code=employer, region=place.region).first() if employer else None
    files.store(content)
    made = ApplicationList(
        organization=issuer,
        agency=place,
        applicant=applicant,
        employer=given,
        sender=words(sender, 120),
        file=words(name, 120),
        digest=digest,
        rows=len(rows),
        taken=0,
        at=act.time,
        by=act.actor.staff,
    )
    made.save()
    lines = [_line(act, made, number, cells, new) for number, cells in rows]
    ListRow.objects.bulk_create(lines, batch_size=2000)
    made.taken = sum(1 for each in lines if each.application_id is not None)
    made.save(update_fields=["taken"])
    act.on(place)
    act.about(made, rows=made.rows, taken=made.taken, digest=digest)
    return made


def _line(
    act: Act, made: ApplicationList, number: int, cells: tuple[str, str], new: NewApplication
) -> ListRow:
    try:
        with transaction.atomic():
            application = _taken(act, made, cells, new)
    except Refusal as refusal:
        return ListRow(list=made, row=number, result="refused", problem=refusal.code, text=refusal.what[:300])
    return ListRow(list=made, row=number, result="taken", application=application)


def _taken(act: Act, made: ApplicationList, cells: tuple[str, str], new: NewApplication) -> Application:
    number, name = cells
    try:
        settled = person_number.settled(number)
    except ValueError:
        raise Refusal("cards.row-number") from None
    found = (
        Person.objects.select_for_update(of=("self",), no_key=True)
        .select_related("agency")
        .filter(number=settled)
    )
    person = found.first()
    if person is None or not issuer_of(person.agency).contains(act.actor.organization):
        raise Refusal("cards.row-number")
    if person.name != name:
        raise Refusal("cards.row-name")
    return taken(act, person, new, Applicant(made.applicant), made)


def _rows(content: bytes) -> Iterator[tuple[int, tuple[str, str]]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Refusal("cards.list-unfit", why="neither UTF-8 nor GBK")
    try:
        reader = csv.reader(StringIO(text), strict=True)
        head = [cell.strip() for cell in next(reader, [])]
        if NUMBER not in head or NAME not in head:
            raise Refusal("cards.list-unfit", why=f"{NUMBER}, {NAME}?")
        at, named = head.index(NUMBER), head.index(NAME)
        count = 0
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            count += 1
            if count > LARGEST:
                raise Refusal("cards.list-unfit", why=f"> {LARGEST}")
            full = [*cells, *[""] * len(head)]
            yield reader.line_num, (full[at].strip().upper(), full[named].strip())
    except csv.Error as error:
        raise Refusal("cards.list-unfit", why=str(error)) from error
