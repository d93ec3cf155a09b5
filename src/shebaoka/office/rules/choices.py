"""Kinds and states of documents, results of drills, what a body may lack."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentKind(models.TextChoices):
    """What every issuing area has in writing (M47 art. 24, 25, 26)."""

    KEY_RULES = "key-rules", _("Key management rules")
    PSAM_RULES = "psam-rules", _("PSAM management rules")
    CONTINGENCY_PLAN = "contingency-plan", _("Contingency plan")


class DocumentState(models.TextChoices):
    """How far a version of a document is. Whether it is in force depends on the day too."""

    DRAFT = "draft", _("Draft")
    APPROVED = "approved", _("Approved")
    WITHDRAWN = "withdrawn", _("Repealed")
    DISCARDED = "discarded", _("Discarded")


MOVES: dict[str, frozenset[str]] = {
    DocumentState.DRAFT: frozenset({DocumentState.APPROVED, DocumentState.DISCARDED}),
    DocumentState.APPROVED: frozenset({DocumentState.WITHDRAWN}),
    DocumentState.WITHDRAWN: frozenset(),
    DocumentState.DISCARDED: frozenset(),
}
"""What may follow what."""


CUSTODIAN, KEEPER = "organizations.key-custodian", "organizations.psam-keeper"
ACKNOWLEDGED_BY: dict[str, frozenset[str]] = {
    DocumentKind.KEY_RULES: frozenset({CUSTODIAN}),
    DocumentKind.PSAM_RULES: frozenset({KEEPER}),
    DocumentKind.CONTINGENCY_PLAN: frozenset({CUSTODIAN, KEEPER}),
}
"""Whoever has one of these roles at the body acknowledges the document."""


class DrillResult(models.TextChoices):
    """What a drill showed."""

    PASSED = "passed", _("Passed")
    FINDINGS = "findings", _("Passed, with findings")
    FAILED = "failed", _("Failed")


class Lack(models.TextChoices):
    """What a body lacks. The first three stand against receiving carriers."""

    NO_DOCUMENT = "no-document", _("No version in force")
    NOBODY = "nobody", _("Nobody is appointed who has to acknowledge it")
    NOT_ACKNOWLEDGED = "not-acknowledged", _("Not acknowledged by all who have to")
    REVIEW_OVERDUE = "review-overdue", _("Review overdue")
    NO_DRILL = "no-drill", _("No drill within the time set")


BLOCKING = frozenset({Lack.NO_DOCUMENT, Lack.NOBODY, Lack.NOT_ACKNOWLEDGED})


class Restored(models.TextChoices):
    """What a restore test restored (R-64)."""

    KEYS = "keys", _("Keys: components or carriers into a vault")
    OFFICE = "office", _("The office: database, vaults, documents")
    BOTH = "both", _("Keys and office")


class Yearly(models.TextChoices):
    """What every body that keeps keys does once a year."""

    AUDIT = "audit", _("Yearly audit")
    RESTORE = "restore", _("Restore test")


KEEPING = frozenset(
    {"organizations.key-custodian", "organizations.psam-keeper", "organizations.key-administrator"}
)
"""Who has one of these roles at the body does not audit it."""
