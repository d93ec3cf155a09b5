"""Writes all chains and checkpoints, as one moment of the database, into a file."""

import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from shebaoka.journal.export import write_chain, write_checkpoint, write_heading
from shebaoka.office.audit.models import Chain, Checkpoint
from shebaoka.office.audit.signing import public_key
from shebaoka.office.base import clock

_AT_ONCE = 5_000
_LINES = "SELECT line FROM audit_row WHERE chain_id = %s ORDER BY sequence"


def export(path: Path) -> int:
    """A new file (0600); gives the number of records. Raises FileExistsError."""
    key = public_key(settings.CONFIGURATION).hex()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        with transaction.atomic():
            if not _inside_another():
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            checkpoints = list(Checkpoint.objects.order_by("number"))
            chains = list(Chain.objects.filter(sequence__gt=0).order_by("code"))
            write_heading(out, time=clock.now(), chains=len(chains), checkpoints=len(checkpoints), key=key)
            for each in checkpoints:
                write_checkpoint(out, each.content.encode(), each.signature)
            for chain in chains:
                write_chain(out, chain.code, chain.sequence, _lines(chain.code))
        out.flush()
        os.fsync(out.fileno())
    return sum(chain.sequence for chain in chains)


def _lines(code: str) -> Iterator[bytes]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(_LINES, [code])
        while rows := cursor.fetchmany(_AT_ONCE):
            for (line,) in rows:
                yield line.encode()


def _inside_another() -> bool:
    return len(connection.savepoint_ids) > 0
