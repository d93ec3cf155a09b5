"""Documents of issuing areas in versions, who acknowledged them, drills, yearly audits and restore tests."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.organizations.models import Organization, Staff
from shebaoka.office.rules.choices import DocumentKind, DocumentState, DrillResult, Restored

_KEPT = """
IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a version of a document is never removed';
END IF;
IF (NEW.organization_id, NEW.kind, NEW.version)
    IS DISTINCT FROM (OLD.organization_id, OLD.kind, OLD.version) THEN
    RAISE EXCEPTION 'a version keeps its body, kind and number';
END IF;
IF OLD.state <> 'draft' AND (NEW.title, NEW.text, NEW.digest, NEW.in_force_from, NEW.approved_at)
    IS DISTINCT FROM (OLD.title, OLD.text, OLD.digest, OLD.in_force_from, OLD.approved_at) THEN
    RAISE EXCEPTION 'a version that left its draft keeps its text and dates';
END IF;
IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN
    (('draft', 'approved'), ('draft', 'discarded'), ('approved', 'withdrawn')) THEN
    RAISE EXCEPTION 'a document does not go from % to %', OLD.state, NEW.state;
END IF;
RETURN NEW;
"""


def _final(what: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="final",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"RAISE EXCEPTION '{what} is never changed or removed';",
    )


class Document(Record):
    """A version of a body's rules or plan. ``text``: paragraphs; a line that begins with ``# `` is a heading.

    ``digest``: SHA-256 of body, kind, version, title and text in canonical form; what the leader approves
    and custodians acknowledge. In force on a day: the highest approved version whose day has come."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=20, choices=DocumentKind)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=DocumentState, default=DocumentState.DRAFT)
    drafted_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    in_force_from = models.DateField(null=True)
    approved_at = models.DateTimeField(null=True)
    withdrawn_on = models.DateField(null=True)
    withdrawn_because = models.CharField(max_length=400, blank=True, default="")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("organization", "kind", "version", name="rules_document_once"),
            models.UniqueConstraint(
                "organization",
                "kind",
                condition=Q(state=DocumentState.DRAFT),
                name="rules_document_one_draft",
            ),
            models.CheckConstraint(name="rules_document_kind", condition=Q(kind__in=DocumentKind.values)),
            models.CheckConstraint(
                name="rules_document_approved",
                condition=Q(
                    state__in=[DocumentState.DRAFT, DocumentState.DISCARDED],
                    in_force_from=None,
                    approved_at=None,
                    withdrawn_on=None,
                )
                | Q(
                    state=DocumentState.APPROVED,
                    in_force_from__isnull=False,
                    approved_at__isnull=False,
                    withdrawn_on=None,
                )
                | Q(
                    state=DocumentState.WITHDRAWN,
                    in_force_from__isnull=False,
                    approved_at__isnull=False,
                    withdrawn_on__isnull=False,
                ),
            ),
        ]
        triggers = [
            noted(),
            pgtrigger.Trigger(
                name="kept",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_KEPT,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} V{self.version}"


class Acknowledgment(Record):
    """A member of staff has read a version and keeps to it."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="acknowledgments")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="acknowledgments")
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint("document", "staff", name="rules_acknowledgment_once")]
        triggers = [noted(), _final("an acknowledgment")]


class Drill(Record):
    """A drill of the contingency plan (应急演练, R-39). Only added to."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="drills")
    plan = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="drills")
    held_on = models.DateField()
    scenario = models.CharField(max_length=400)
    participants = models.CharField(max_length=400)
    result = models.CharField(max_length=10, choices=DrillResult)
    findings = models.TextField(blank=True, default="")
    improvements = models.TextField(blank=True, default="")
    recorded_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(name="rules_drill_result", condition=Q(result__in=DrillResult.values)),
            models.CheckConstraint(
                name="rules_drill_findings",
                condition=Q(result=DrillResult.PASSED) | ~Q(findings="") & ~Q(improvements=""),
            ),
        ]
        indexes = [models.Index(fields=["organization", "held_on"], name="rules_drill_day")]
        triggers = [noted(), _final("a drill")]


class KeyAudit(Record):
    """The yearly audit of keys, carriers and PSAMs by somebody who does not keep them (R-54). Only added to.

    ``member``: her, when she is of the office; ``report_file``: SHA-256 of the report."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="key_audits")
    held_on = models.DateField()
    auditor = models.CharField(max_length=400)
    unit = models.CharField(max_length=400)
    member = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=400)
    result = models.CharField(max_length=10, choices=DrillResult)
    findings = models.TextField(blank=True, default="")
    measures = models.TextField(blank=True, default="")
    report_name = models.CharField(max_length=120, blank=True, default="")
    report_file = models.CharField(max_length=64, blank=True, default="")
    recorded_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(name="rules_audit_result", condition=Q(result__in=DrillResult.values)),
            models.CheckConstraint(
                name="rules_audit_findings",
                condition=Q(result=DrillResult.PASSED) | ~Q(findings="") & ~Q(measures=""),
            ),
        ]
        indexes = [models.Index(fields=["organization", "held_on"], name="rules_audit_day")]
        triggers = [noted(), _final("an audit")]


class RestoreTest(Record):
    """A backup that was restored to try it (R-64). Only added to. ``backup_of``, ``records``: what the
    rehearsed backup of the office says of itself; ``minutes_file``: SHA-256."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="restore_tests")
    held_on = models.DateField()
    what = models.CharField(max_length=10, choices=Restored)
    media = models.CharField(max_length=400)
    place = models.CharField(max_length=400)
    done_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    witness = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    backup_of = models.DateTimeField(null=True)
    records = models.PositiveBigIntegerField(null=True)
    result = models.CharField(max_length=10, choices=DrillResult)
    findings = models.TextField(blank=True, default="")
    measures = models.TextField(blank=True, default="")
    minutes_name = models.CharField(max_length=120, blank=True, default="")
    minutes_file = models.CharField(max_length=64, blank=True, default="")
    recorded_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(name="rules_restore_two_persons", condition=~Q(done_by=F("witness"))),
            models.CheckConstraint(name="rules_restore_result", condition=Q(result__in=DrillResult.values)),
            models.CheckConstraint(
                name="rules_restore_findings",
                condition=Q(result=DrillResult.PASSED) | ~Q(findings="") & ~Q(measures=""),
            ),
        ]
        indexes = [models.Index(fields=["organization", "held_on"], name="rules_restore_day")]
        triggers = [noted(), _final("a restore test")]
