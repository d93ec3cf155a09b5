"""The writers of approval."""

from shebaoka.office.approval.services.evidence import attachment_add, attachment_remove, statement_write
from shebaoka.office.approval.services.issuing import (
    Start,
    StateChange,
    issuing_resume,
    issuing_start,
    issuing_suspend,
    keys_received,
    psams_received,
)
from shebaoka.office.approval.services.opening import case_withdraw, change_open, plan_write, region_open
from shebaoka.office.approval.services.production import production_reserve
from shebaoka.office.approval.services.reviews import (
    Decision,
    review_begin,
    review_ministry,
    review_province,
)
from shebaoka.office.approval.services.submission import Submission, case_submit
from shebaoka.office.approval.services.tests import Result, batch_add, card_report_attach, result_give

__all__ = (
    "Decision",
    "Result",
    "Start",
    "StateChange",
    "Submission",
    "attachment_add",
    "attachment_remove",
    "batch_add",
    "card_report_attach",
    "case_submit",
    "case_withdraw",
    "change_open",
    "issuing_resume",
    "issuing_start",
    "issuing_suspend",
    "keys_received",
    "plan_write",
    "production_reserve",
    "psams_received",
    "region_open",
    "result_give",
    "review_begin",
    "review_ministry",
    "review_province",
    "statement_write",
)
