"""The writers of rules, plans, acknowledgments, drills, yearly audits and restore tests."""

from shebaoka.office.rules.services.common import LONGEST_TEXT
from shebaoka.office.rules.services.documents import (
    Approval,
    Withdrawal,
    digest_of,
    document_acknowledge,
    document_approve,
    document_discard,
    document_draft,
    document_edit,
    document_withdraw,
)
from shebaoka.office.rules.services.drills import drill_record
from shebaoka.office.rules.services.yearly import audit_record, restore_record

__all__ = (
    "LONGEST_TEXT", "Approval", "Withdrawal", "audit_record", "digest_of", "document_acknowledge",
    "document_approve", "document_discard", "document_draft", "document_edit", "document_withdraw",
    "drill_record", "restore_record",
)  # fmt: skip
