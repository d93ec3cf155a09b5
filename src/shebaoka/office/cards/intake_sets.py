"""Cards in use come into the register in sets, each with the first line of its history."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from shebaoka.office.cards.models import Product, Series
from shebaoka.office.organizations.acts import Act
from shebaoka.office.organizations.models import Organization

COLUMNS = {
    "row": "integer", "id": "uuid", "line": "uuid", "person": "uuid", "serial": "integer",
    "number": "varchar", "code": "varchar", "historical": "varchar", "bank_card": "varchar",
    "bank": "varchar", "issued_on": "date", "valid_until": "date", "social": "varchar",
    "social_before": "varchar", "plastic": "varchar",
}  # fmt: skip
"""What a list says of a card; ``line``: id of its history's first line."""
_CREATE = (
    "CREATE TEMPORARY TABLE IF NOT EXISTS cards_incoming ("
    + ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    + ") ON COMMIT DROP"
)
_SAME = (
    "id, serial, number, code, historical, bank_card, bank, issued_on, valid_until, social, social_before,"
    " plastic"
)
_TAKE = f"""
INSERT INTO cards_card ({_SAME}, organization_id, person_id, kind, product_id, outlet_id, key_versions,
    bank_before, ended_at, step)
SELECT {", ".join(f"i.{name.strip()}" for name in _SAME.split(","))}, %(issuer)s, i.person, 'full',
    %(product)s, %(agency)s, '', '', CASE WHEN i.social = '9' THEN %(at)s::timestamptz END, 1
FROM cards_incoming i WHERE NOT i.person = ANY(%(lost)s::uuid[])
ON CONFLICT DO NOTHING
"""  # noqa: S608 - the names of our own columns
_TELL = """
INSERT INTO cards_event (id, card_id, step, act, social, bank, plastic, at, channel, proof, why, body_id,
    by_id)
SELECT i.line, i.id, 1, 'import', i.social, i.bank, i.plastic, %(at)s, %(channel)s, '', 'import', %(agency)s,
    %(by)s
FROM cards_incoming i {new}
"""
_NEW = "WHERE EXISTS (SELECT FROM cards_card c WHERE c.id = i.id)"
_CLASHING = """
SELECT i.row FROM cards_incoming i
WHERE NOT EXISTS (SELECT FROM cards_card c WHERE c.id = i.id) AND NOT i.person = ANY(%s::uuid[])
ORDER BY i.row
"""
_LAST = "SELECT left(code, 4), max(serial) FROM cards_incoming GROUP BY 1 ORDER BY 1"


def taken(
    act: Act, agency: Organization, issuer: Organization, product: Product, rows: bytes, lost: Sequence[UUID]
) -> int:
    """The number of cards that came in: those whose numbers nobody has yet, each once."""
    values: dict[str, Any] = {
        "issuer": issuer.pk,
        "product": product.pk,
        "agency": agency.pk,
        "at": act.time,
        "channel": act.actor.channel.value,
        "by": act.actor.staff.pk if act.actor.staff else None,
        "lost": list(lost),
    }
    with connection.cursor() as cursor:
        cursor.execute(_CREATE)
        cursor.execute("TRUNCATE cards_incoming")
        with cursor.copy(f"COPY cards_incoming ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            copy.write(rows)
        cursor.execute(_TAKE, values)
        new: int = cursor.rowcount
        every = new == rows.count(b"\n")
        cursor.execute(_TELL.format(new="" if every else _NEW), values)
        cursor.execute(_LAST)
        for region, serial in cursor.fetchall():
            _goes_on(f"serial {region}", serial)
    return new


def clashing(lost: Sequence[UUID]) -> list[int]:
    """Rows of the last portion whose card somebody has already."""
    with connection.cursor() as cursor:
        cursor.execute(_CLASHING, [list(lost)])
        return [row for (row,) in cursor.fetchall()]


def _goes_on(key: str, serial: int) -> None:
    """The counter of a region goes on after the numbers that came in."""
    Series.objects.get_or_create(key=key)
    series = Series.objects.select_for_update(no_key=True).get(key=key)
    if series.last < serial:
        series.last = serial
        series.save(update_fields=["last"])
