"""Writes all chains and checkpoints, as one moment of the database, into a file."""

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from shebaoka.journal.export import write_chain, write_checkpoint, write_heading
from shebaoka.office.audit.models import Chain, Checkpoint
from shebaoka.office.audit.signing import public_key
from shebaoka.office.base import clock

_AT_ONCE = 5_000
_LINES = "SELECT line FROM audit_row WHERE chain_id = %s AND sequence <= %s ORDER BY sequence"


def export(path: Path, only: Collection[str] | None = None) -> int:
    """A new file (0600); gives the number of records. ``only``: the chains it is limited to, with all
    checkpoints, which show of the others how long they are. Raises FileExistsError."""
    key = public_key(settings.CONFIGURATION).hex()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        with transaction.atomic():
            if not _inside_another():
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            checkpoints = list(Checkpoint.objects.order_by("number"))
            found = Chain.objects.filter(sequence__gt=0)
            chains = list((found if only is None else found.filter(code__in=only)).order_by("code"))
            counts = {"chains": len(chains), "checkpoints": len(checkpoints)}
            write_heading(out, time=clock.now(), key=key, part=only, **counts)
            for each in checkpoints:
                write_checkpoint(out, each.content.encode(), each.signature)
            for chain in chains:
                write_chain(out, chain.code, chain.sequence, _lines(chain))
        out.flush()
        os.fsync(out.fileno())
    return sum(chain.sequence for chain in chains)


def _lines(chain: Chain) -> Iterator[bytes]:
    """Up to the end as it was announced: outside of a snapshot the chain may have grown since."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_LINES, [chain.code, chain.sequence])
        while rows := cursor.fetchmany(_AT_ONCE):
            for (line,) in rows:
                yield line.encode()


def _inside_another() -> bool:
    return len(connection.savepoint_ids) > 0
