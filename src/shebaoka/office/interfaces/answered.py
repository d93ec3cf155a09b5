"""A question with an idempotency key is done once: who repeats it is given the answer of the first time."""

from collections.abc import Callable
from typing import NamedTuple

from django.db import connection

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.records import writing
from shebaoka.office.interfaces.models import Answered, Token

_HOLD = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))"


class Answer(NamedTuple):
    """An answer: HTTP status, JSON. ``again``: it was given before."""

    status: int
    content: str
    again: bool = False


def once(token: Token, key: str, digest: str, do: Callable[[], Answer]) -> Answer:
    """What ``do`` gives, or gave when the same question (``digest``) came with this key. What it does and the
    note of it are one transaction; a refusal leaves no note, so that it can be tried again.

    Raises Refusal ``interfaces.key-used`` for another question, ``interfaces.key-busy`` while the first is
    being answered."""
    with writing("interfaces.answer"):
        with connection.cursor() as cursor:
            cursor.execute(_HOLD, [f"interface {token.pk} {key}"])
            (held,) = cursor.fetchone()
        if not held:
            raise Refusal("interfaces.key-busy")
        found = Answered.objects.filter(token=token, key=key).first()
        if found is not None:
            if found.digest != digest:
                raise Refusal("interfaces.key-used")
            return Answer(found.status, found.content, again=True)
        made = do()
        Answered.objects.create(
            token=token, key=key, digest=digest, status=made.status, content=made.content, at=clock.now()
        )
    return made
