"""Verifies the chains of this database: through an export, then the columns against the lines."""

import tempfile
from collections.abc import Collection
from pathlib import Path

from django.conf import settings
from django.db import connection

from shebaoka.journal.classify import Tampering
from shebaoka.journal.export import Report, verify_export
from shebaoka.journal.findings import Finding
from shebaoka.office.audit.exporting import export
from shebaoka.office.audit.signing import public_key, signed_by

_SHOWN = 100
_DIFFERENT = """
SELECT chain_id, sequence FROM audit_row, LATERAL (SELECT line::jsonb AS record) AS read
WHERE ((act, actor, subject) IS DISTINCT FROM
    (record ->> 'act', record -> 'persons' ->> 'actor', coalesce(record -> 'data' ->> 'subject', ''))
    OR at IS DISTINCT FROM (record ->> 'time')::timestamptz)
    AND (%s::text[] IS NULL OR chain_id = ANY (%s))
ORDER BY chain_id, sequence LIMIT %s
"""


def verify_database(only: Collection[str] | None = None) -> Report:
    """The report of :func:`~shebaoka.journal.export.verify_export`, with the rows whose columns say something
    else than their line. ``only``: the chains it is about."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "audit.jsonl"
        export(path, only)
        report = verify_export(path, signed_by(public_key(settings.CONFIGURATION)))
    if report.good:
        report.findings.extend(_columns(only))
    return report


def _columns(only: Collection[str] | None) -> list[Finding]:
    chains = None if only is None else sorted(only)
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENT, [chains, chains, _SHOWN])
        text = "the columns of the row say something else than its record"
        return [Finding(chain, number, Tampering.CHANGED, text) for chain, number in cursor.fetchall()]
