"""Good rows come into the database in chunks: copied into a table of the transaction, then in sets."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from shebaoka.office.base.ids import new_id
from shebaoka.office.organizations.models import Organization
from shebaoka.office.people.importing.rows import COLUMNS, Incoming

_TYPES = {"id": "uuid", "birth": "date", "died_on": "date", "document_from": "date", "document_until": "date"}
_NAMES = ", ".join(COLUMNS)
_CREATE = (
    "CREATE TEMPORARY TABLE IF NOT EXISTS people_incoming (row integer, employer varchar, "
    + ", ".join(f"{name} {_TYPES.get(name, 'varchar')}" for name in COLUMNS)
    + ") ON COMMIT DROP"
)
_COPY = f"COPY people_incoming (row, employer, {_NAMES}) FROM STDIN"
_CONTACT = "(i.phone || i.address || i.address_region || i.postcode || i.email) <> ''"
_TAKE = f"""
INSERT INTO people_person ({_NAMES}, region, agency_id, employer_id, chip_name, contact_source, contact_on,
    photo, photo_face, photo_chip, fingerprints, national_id, source, source_on, enrolled_at, revision)
SELECT {", ".join(f"i.{name}" for name in COLUMNS)}, %(region)s, %(agency)s, e.id, '',
    CASE WHEN {_CONTACT} THEN %(source)s ELSE '' END, CASE WHEN {_CONTACT} THEN %(day)s::date END,
    '', '', '', '', '', %(source)s, %(day)s, %(at)s, 0
FROM people_incoming i
LEFT JOIN people_employer e ON i.employer <> '' AND e.code = i.employer AND e.agency_id = %(agency)s
ON CONFLICT (number) DO NOTHING
"""  # noqa: S608 - the names of our own columns
_KNOWN = """
SELECT i.row, p.name = i.name, i.id FROM people_incoming i JOIN people_person p ON p.number = i.number
WHERE p.id <> i.id ORDER BY i.row
"""
_EMPLOYERS = """
INSERT INTO people_employer (id, code, name, region, agency_id, phone, address)
VALUES (%s, %s, %s, %s, %s, '', '') ON CONFLICT (code, agency_id) DO NOTHING
"""
# a population has many who share a name and a day: in bulk only what also has a near number or one telephone
_DUPLICATES = """
INSERT INTO people_duplicate (id, first_id, second_id, agency_id, region, grounds, found_at, outcome, reason)
SELECT uuidv7(), a.id, b.id, b.agency_id, b.region,
    to_jsonb(array_remove(ARRAY[
        CASE WHEN a.name = b.name THEN 'name-and-birth' END,
        CASE WHEN a.name <> b.name THEN 'sound-and-birth' END,
        CASE WHEN near.is THEN 'near-number' END,
        CASE WHEN b.phone <> '' AND a.phone = b.phone THEN 'phone' END], NULL)),
    %(at)s, 'open', ''
FROM people_incoming i
JOIN people_person b ON b.id = i.id
JOIN people_person a ON a.pinyin = b.pinyin AND a.birth = b.birth AND a.id < b.id AND a.merged_into_id IS NULL
CROSS JOIN LATERAL (
    SELECT length(a.number) = length(b.number) AND (
        SELECT count(*) FROM generate_series(1, 17) at
        WHERE substr(a.number, at, 1) <> substr(b.number, at, 1)) <= 2 AS is
) near
WHERE b.pinyin <> '' AND (near.is OR b.phone <> '' AND a.phone = b.phone)
ON CONFLICT (first_id, second_id) DO NOTHING
"""


@dataclass(slots=True)
class Outcome:
    """What became of a chunk. ``known``: rows of persons who were there already under that name;
    ``others``: rows whose number is another person's; ``taken``: the rest."""

    taken: list[Incoming] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    others: list[int] = field(default_factory=list)
    duplicates: int = 0


def take(rows: Sequence[Incoming], agency: Organization, source: str, at: datetime, day: Any) -> Outcome:
    """Writes a chunk of good rows, in the transaction that is open; a number that is there already is left
    as it is."""
    values = {"region": agency.region, "agency": agency.pk, "source": source, "day": day, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(_CREATE)
        cursor.execute("TRUNCATE people_incoming")
        _employers(cursor, rows, agency)
        with cursor.copy(_COPY) as copy:
            for each in rows:
                copy.write_row((each.row, each.employer[0] if each.employer else "", *each.values))
        cursor.execute(_TAKE, values)
        made = Outcome()
        lost: set[str] = set()
        if cursor.rowcount < len(rows):
            cursor.execute(_KNOWN)
            for row, same, id_ in cursor.fetchall():
                lost.add(str(id_))
                (made.known if same else made.others).append(row)
        made.taken = [each for each in rows if each.id not in lost] if lost else list(rows)
        cursor.execute("ANALYZE people_incoming")
        cursor.execute(_DUPLICATES, values)
        made.duplicates = cursor.rowcount
        _guardians(cursor, made.taken, at)
        _facts(cursor, made.taken, source, at, day)
    return made


def _employers(cursor: Any, rows: Sequence[Incoming], agency: Organization) -> None:
    found: dict[str, str] = {}
    for each in rows:
        if each.employer is not None:
            found.setdefault(*each.employer)
    cursor.executemany(
        _EMPLOYERS,
        [(new_id(), code, name or code, agency.region, agency.pk) for code, name in sorted(found.items())],
    )


def _guardians(cursor: Any, rows: Sequence[Incoming], at: datetime) -> None:
    with cursor.copy(
        "COPY people_guardian (id, person_id, name, document_type, document_number, relation, phone, since) "
        "FROM STDIN"
    ) as copy:
        for each in rows:
            if each.guardian is not None:
                name, document, phone = each.guardian
                copy.write_row((new_id(), UUID(each.id), name, "01", document, "other", phone, at))


def _facts(cursor: Any, rows: Sequence[Incoming], source: str, at: datetime, day: Any) -> None:
    from psycopg.types.json import Jsonb

    with cursor.copy(
        "COPY people_fact (id, person_id, subject, place, values, source, body, since, noted_at) FROM STDIN"
    ) as copy:
        for each in rows:
            subjects: dict[str, dict[str, str]] = {}
            for subject, name, text in each.facts:
                subjects.setdefault(subject, {})[name] = text
            for subject, values in subjects.items():
                copy.write_row((new_id(), UUID(each.id), subject, 1, Jsonb(values), source, "", day, at))
