"""Good rows come into the database in chunks: copied into a table of the transaction, then in sets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from shebaoka.office.base.ids import new_id
from shebaoka.office.organizations.models import Organization
from shebaoka.office.people.importing.chunks import Chunk
from shebaoka.office.people.importing.rows import COLUMNS

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
_GUARDIANS = """
INSERT INTO people_guardian (id, person_id, name, document_type, document_number, relation, phone, since)
SELECT i.id, i.person, i.name, '01', i.document, 'other', i.phone, %(at)s FROM people_incoming_guardian i
WHERE NOT i.person = ANY(%(lost)s::uuid[])
"""
_FACTS = """
INSERT INTO people_fact (id, person_id, subject, place, values, source, body, since, noted_at)
SELECT i.id, i.person, i.subject, 1, i.values, %(source)s, '', %(day)s, %(at)s FROM people_incoming_fact i
WHERE NOT i.person = ANY(%(lost)s::uuid[])
"""
_BESIDE = {
    "people_incoming_guardian": "id uuid, person uuid, name varchar, document varchar, phone varchar",
    "people_incoming_fact": "id uuid, person uuid, subject varchar, values jsonb",
}
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
FROM {of}
JOIN people_person a ON a.pinyin COLLATE "C" = b.pinyin COLLATE "C" AND a.birth = b.birth
    AND a.id < b.id AND a.merged_into_id IS NULL
CROSS JOIN LATERAL (
    SELECT length(a.number) = length(b.number) AND (
        SELECT count(*) FROM generate_series(1, 17) at
        WHERE substr(a.number, at, 1) <> substr(b.number, at, 1)) <= 2 AS is
) near
WHERE b.pinyin <> '' AND (near.is OR b.phone <> '' AND a.phone = b.phone)
ON CONFLICT (first_id, second_id) DO NOTHING
"""
_OF_CHUNK = "people_incoming i JOIN people_person b ON b.id = i.id"
_OF_LOAD = """
(SELECT * FROM people_person WHERE enrolled_at = %(at)s AND agency_id = %(agency)s AND id >= %(first)s) b
"""


@dataclass(slots=True)
class Outcome:
    """What became of a chunk. ``known``: rows of persons who were there already under that name;
    ``others``: rows whose number is another person's; ``lost``: ids that no person got."""

    known: list[int] = field(default_factory=list)
    others: list[int] = field(default_factory=list)
    lost: list[UUID] = field(default_factory=list)


class Loading:
    """One list on its way into the database, in the transaction that is open. ``duplicates``: found."""

    def __init__(self, agency: Organization, source: str, at: datetime, day: date) -> None:
        self._values: dict[str, Any] = {
            "region": agency.region,
            "agency": agency.pk,
            "source": source,
            "day": day,
            "at": at,
        }
        self._agency, self._first = agency, new_id()
        self.duplicates = 0

    def take(self, chunk: Chunk) -> Outcome:
        """Writes a chunk; a number that is there already is left as it is."""
        made = Outcome()
        with connection.cursor() as cursor:
            cursor.execute(_CREATE)
            cursor.execute("TRUNCATE people_incoming")
            self._employers(cursor, chunk.employers)
            _copy(cursor, _COPY, chunk.people)
            cursor.execute(_TAKE, self._values)
            if cursor.rowcount < chunk.count:
                cursor.execute(_KNOWN)
                for row, same, id_ in cursor.fetchall():
                    made.lost.append(id_)
                    (made.known if same else made.others).append(row)
            self._beside(cursor, "people_incoming_guardian", chunk.guardians, _GUARDIANS, made.lost)
            self._beside(cursor, "people_incoming_fact", chunk.facts, _FACTS, made.lost)
        return made

    def find_duplicates(self) -> None:
        """Among the chunk just taken and everybody before it: by an index, which must be there."""
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE people_incoming")
            cursor.execute(_DUPLICATES.format(of=_OF_CHUNK), self._values)
            self.duplicates += cursor.rowcount

    def find_all_duplicates(self) -> None:
        """The same for the whole list at its end, without an index."""
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE people_person")
            cursor.execute(_DUPLICATES.format(of=_OF_LOAD), {**self._values, "first": self._first})
            self.duplicates += cursor.rowcount

    def _employers(self, cursor: Any, found: Mapping[str, str]) -> None:
        agency = self._agency
        cursor.executemany(
            _EMPLOYERS,
            [
                (new_id(), code, name or code, agency.region, agency.pk)
                for code, name in sorted(found.items())
            ],
        )

    def _beside(self, cursor: Any, name: str, rows: bytes, take: str, lost: list[UUID]) -> None:
        if not rows:
            return
        cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {name} ({_BESIDE[name]}) ON COMMIT DROP")
        cursor.execute(f"TRUNCATE {name}")
        _copy(cursor, f"COPY {name} FROM STDIN", rows)
        cursor.execute(take, {**self._values, "lost": lost})


def _copy(cursor: Any, statement: str, rows: bytes) -> None:
    with cursor.copy(statement) as copy:
        copy.write(rows)
