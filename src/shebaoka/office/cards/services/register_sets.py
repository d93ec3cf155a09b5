"""Prepared cards come into the register in sets: copied beside it, then taken with what their applications
say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from shebaoka.office.base.copying import line
from shebaoka.office.base.ids import new_ids
from shebaoka.office.cards.models import Batch
from shebaoka.office.organizations.acts import Act
from shebaoka.office.parameters.selectors import number as parameter


@dataclass(frozen=True, slots=True)
class Numbered:
    """A prepared card: line of the list, and its numbers."""

    row: int
    serial: int
    number: str
    code: str
    historical: str


_CREATE = """
CREATE TEMPORARY TABLE IF NOT EXISTS cards_numbered (row integer, serial integer, number varchar,
    code varchar, historical varchar, id uuid, line uuid) ON COMMIT DROP
"""
_FORGET_KNOWN = """
DELETE FROM cards_numbered n USING cards_card c WHERE c.batch_id = %(batch)s AND c.serial = n.serial
"""
_OF = """
cards_numbered n JOIN cards_place p ON p.row = n.row AND p.batch_id = %(batch)s AND NOT p.ended
    JOIN cards_application a ON a.id = p.application_id
"""
# whoever changes a person waits until her card is there (neighbors.follow_person)
_LOCK = f"""
WITH locked AS (SELECT a.id, a.changed FROM {_OF} ORDER BY a.id FOR NO KEY UPDATE OF a)
SELECT id FROM locked WHERE changed <> '[]'
"""  # noqa: S608 - our own text
_TAKE = f"""
INSERT INTO cards_card (id, organization_id, person_id, kind, product_id, batch_id, application_id, outlet_id,
    bank_body_id, serial, number, code, historical, bank_card, key_versions, issued_on, valid_until, social,
    social_before, bank, bank_before, plastic, step)
SELECT n.id, %(organization)s, a.person_id, CASE WHEN t.is THEN 'temporary' ELSE 'full' END, %(product)s,
    %(batch)s, a.id, %(outlet)s, CASE WHEN t.is THEN NULL ELSE %(bank)s::uuid END, n.serial, n.number, n.code,
    n.historical, CASE WHEN t.is THEN '' ELSE a.bank_card END, '', %(issued)s,
    CASE WHEN t.is THEN least(%(until)s::date, %(temporary)s::date) ELSE %(until)s::date END, '0', '',
    CASE WHEN t.is OR a.bank_card = '' THEN 'none' ELSE 'opened' END, '', 'ordered', 1
FROM {_OF} CROSS JOIN LATERAL (SELECT a.kind = 'temporary' AS is) t
"""  # noqa: S608 - our own text
_TAKE_TEST = """
INSERT INTO cards_card (id, organization_id, kind, product_id, batch_id, outlet_id, serial, number, code,
    historical, bank_card, key_versions, issued_on, valid_until, social, social_before, bank, bank_before,
    plastic, step)
SELECT n.id, %(organization)s, 'test', %(product)s, %(batch)s, %(outlet)s, n.serial, n.number, n.code,
    n.historical, '', '', %(issued)s, %(until)s, '0', '', 'none', '', 'ordered', 1
FROM cards_numbered n
"""
_TAKE_PREMADE = """
INSERT INTO cards_card (id, organization_id, kind, product_id, batch_id, outlet_id, bank_body_id, serial,
    number, code, historical, bank_card, key_versions, issued_on, valid_until, social, social_before, bank,
    bank_before, plastic, step)
SELECT n.id, %(organization)s, 'full', %(product)s, %(batch)s, %(outlet)s, %(bank)s::uuid, n.serial,
    n.number, n.code, n.historical, coalesce(b.bank_cards ->> (n.row - 2), ''), '', %(issued)s, %(until)s,
    '0', '', 'none', '', 'ordered', 1
FROM cards_numbered n JOIN cards_batch b ON b.id = %(batch)s
"""  # line 2 of the list is the first card
_TELL = """
INSERT INTO cards_event (id, card_id, step, act, social, bank, plastic, at, channel, proof, why, body_id,
    by_id)
SELECT n.line, c.id, c.step, 'order', c.social, c.bank, c.plastic, %(at)s, %(channel)s, '', '', %(body)s,
    %(by)s
FROM cards_numbered n JOIN cards_card c ON c.id = n.id
"""
_PRODUCE = f"""
UPDATE cards_application SET status = 'producing', changed = '[]'
WHERE status = 'batched' AND id IN (SELECT a.id FROM {_OF})
"""  # noqa: S608 - our own text


def registered(
    act: Act, batch: Batch, cards: Sequence[Numbered], issued: date, until: date
) -> tuple[int, list[UUID]]:
    """The number of cards that are new in the register, and the applications whose persons changed
    meanwhile; all of their applications are locked."""
    ids = new_ids()
    rows = "".join(
        line((each.row, each.serial, each.number, each.code, each.historical, next(ids), next(ids)))
        for each in cards
    )
    values = _values(act, batch, issued, until)
    with connection.cursor() as cursor:
        cursor.execute(_CREATE)
        cursor.execute("TRUNCATE cards_numbered")
        with cursor.copy("COPY cards_numbered FROM STDIN") as copy:
            copy.write(rows)
        cursor.execute(_FORGET_KNOWN, values)
        cursor.execute("ANALYZE cards_numbered")
        cursor.execute(_LOCK, values)
        changed = [pk for (pk,) in cursor.fetchall()]
        take = _TAKE_TEST if batch.test else _TAKE_PREMADE if batch.premade else _TAKE
        cursor.execute(take, values)
        new: int = cursor.rowcount
        cursor.execute(_TELL, values)
    return new, changed


def produced(batch: Batch) -> None:
    """The applications of the cards that just came in are in production; what was kept of changes is told."""
    with connection.cursor() as cursor:
        cursor.execute(_PRODUCE, {"batch": batch.pk})


def _values(act: Act, batch: Batch, issued: date, until: date) -> dict[str, Any]:
    days = parameter(batch.organization, "cards.temporary-card-days")
    return {
        "batch": batch.pk,
        "organization": batch.organization_id,
        "product": batch.product_id,
        "outlet": batch.outlet_id,
        "bank": batch.bank_id,
        "issued": issued,
        "until": until,
        "temporary": issued + timedelta(days=days),
        "at": act.time,
        "channel": act.actor.channel.value,
        "body": act.organization.pk,
        "by": act.actor.staff.pk if act.actor.staff else None,
    }
