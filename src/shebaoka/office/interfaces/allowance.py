"""How often a token may ask: counted by minutes in the database, which all processes share."""

from datetime import timedelta

from django.db import connection

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.interfaces.models import Token

_COUNT = """
INSERT INTO interfaces_allowance AS a (token_id, minute, used, last_at) VALUES (%s, %s, 1, %s)
ON CONFLICT (token_id) DO UPDATE SET
    used = CASE WHEN a.minute = EXCLUDED.minute THEN a.used + 1 ELSE 1 END,
    minute = EXCLUDED.minute, last_at = EXCLUDED.last_at
RETURNING used
"""


def count(token: Token) -> None:
    """Counts a question; that of a second too many counts too. Raises Refusal ``interfaces.too-many``, whose
    value ``seconds`` is the rest of the minute."""
    now = clock.now()
    minute = now.replace(second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [token.pk, minute, now])
        (used,) = cursor.fetchone()
    if used > token.per_minute:
        rest = minute + timedelta(minutes=1) - now
        raise Refusal(
            "interfaces.too-many", most=token.per_minute, seconds=max(1, -(-rest // timedelta(seconds=1)))
        )
