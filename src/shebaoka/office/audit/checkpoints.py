"""Takes the checkpoints over all chains."""

from django.conf import settings
from django.db import connection, transaction

from shebaoka.journal.checkpoint import Head, next_checkpoint, read_checkpoint
from shebaoka.office.audit.models import Checkpoint
from shebaoka.office.audit.signing import signing_key
from shebaoka.office.base import clock

_LOCK = 0x4175_6469  # one at a time, on whatever machine
_GROWN = """
SELECT chain.code, chain.sequence, chain.hash FROM audit_chain chain
LEFT JOIN audit_signed signed ON signed.chain = chain.code
WHERE chain.sequence > coalesce(signed.sequence, 0) ORDER BY chain.code
"""
_SIGNED = """
INSERT INTO audit_signed (chain, sequence) SELECT * FROM unnest(%s::text[], %s::bigint[])
ON CONFLICT (chain) DO UPDATE SET sequence = excluded.sequence
"""


def checkpoint_take() -> Checkpoint | None:
    """Signs where the chains end now. None when none grew since the last checkpoint. Chains are not locked:
    what is committed at this moment is what is signed."""
    key = signing_key(settings.CONFIGURATION)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(_GROWN)
        heads = {chain: Head(sequence, hash_) for chain, sequence, hash_ in cursor.fetchall()}
        if not heads:
            return None
        last = Checkpoint.objects.order_by("-number").first()
        before = read_checkpoint(last.content.encode()) if last else None
        made = next_checkpoint(before, heads, time=clock.now())
        content = made.content()
        cursor.execute(_SIGNED, [list(heads), [head.sequence for head in heads.values()]])
        return Checkpoint.objects.create(
            number=made.number,
            at=clock.now(),
            content=content.decode(),
            hash=made.hash,
            signature=key.sign(content).hex(),
        )
