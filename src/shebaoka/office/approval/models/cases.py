"""Cases: what a region asks for, the evidence, and what the reviewing bodies said."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shebaoka.office.approval.choices import CLOSED, STAGE_MOVES, Kind, Stage
from shebaoka.office.approval.models.moves import final, moves_kept
from shebaoka.office.approval.models.regions import Region
from shebaoka.office.base.records import Record, noted
from shebaoka.office.organizations.models import Organization

_SEALED = """
IF OLD.stage <> 'draft' AND (NEW.plan, NEW.changes, NEW.digest, NEW.kind, NEW.reason, NEW.effect,
        NEW.effective_on)
    IS DISTINCT FROM
    (OLD.plan, OLD.changes, OLD.digest, OLD.kind, OLD.reason, OLD.effect, OLD.effective_on) THEN
    RAISE EXCEPTION 'case % is sealed while it is reviewed and afterwards', OLD.id;
END IF;
RETURN NEW;
"""
_OPEN = """
IF EXISTS (
    SELECT 1 FROM approval_case WHERE stage <> 'draft'
    AND id = CASE WHEN TG_OP = 'DELETE' THEN OLD.case_id ELSE NEW.case_id END
) THEN
    RAISE EXCEPTION 'the case is sealed';
END IF;
IF TG_OP = 'UPDATE' THEN
    RAISE EXCEPTION 'evidence is added and taken back, never changed';
END IF;
RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
"""
_WRITTEN = """
IF EXISTS (
    SELECT 1 FROM approval_case WHERE stage <> 'draft'
    AND id = CASE WHEN TG_OP = 'INSERT' THEN NEW.case_id ELSE OLD.case_id END
) THEN
    RAISE EXCEPTION 'the case is sealed';
END IF;
IF TG_OP = 'UPDATE' AND (NEW.case_id, NEW.item) IS DISTINCT FROM (OLD.case_id, OLD.item) THEN
    RAISE EXCEPTION 'a statement stays with its item';
END IF;
RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
"""


class Case(Record):
    """A registration or a change. ``plan``: the form; ``changes``: what differs from the approved case;
    ``digest``: SHA-256 of form and evidence, made when it is submitted. ``effective_on``: from which day an
    approved change counts."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="cases")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    stage = models.CharField(_("stage"), max_length=16, choices=Stage, default=Stage.DRAFT)
    plan = models.JSONField()
    changes = models.JSONField(default=list)
    reason = models.CharField(_("reason"), max_length=400, blank=True, default="")
    effect = models.CharField(_("effect on cards in use"), max_length=400, blank=True, default="")
    effective_on = models.DateField(_("day of effect"), null=True)
    digest = models.CharField(max_length=64, blank=True, default="")
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        db_table = "approval_case"
        constraints = [
            models.UniqueConstraint("region", "number", name="approval_case_once"),
            models.UniqueConstraint("region", condition=~Q(stage__in=CLOSED), name="approval_case_one_open"),
            models.CheckConstraint(
                name="approval_case_sealed",
                condition=Q(stage__in=[Stage.DRAFT, Stage.WITHDRAWN]) | Q(digest__regex="^[0-9a-f]{64}$"),
            ),
            models.CheckConstraint(name="approval_case_stage", condition=Q(stage__in=Stage.values)),
            models.CheckConstraint(
                name="approval_case_decided", condition=~Q(stage=Stage.APPROVED) | ~Q(decided_at=None)
            ),
        ]
        triggers = [
            noted(),
            moves_kept("stage", STAGE_MOVES, ("region_id", "number")),
            pgtrigger.Trigger(name="sealed", when=pgtrigger.Before, operation=pgtrigger.Update, func=_SEALED),
        ]


class Attachment(Record):
    """A file of evidence for an item of a case, kept under its SHA-256 (``base.files``)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attachments")
    item = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta(Record.Meta):
        db_table = "approval_attachment"
        constraints = [
            models.UniqueConstraint("case", "item", "sha256", name="approval_attachment_once"),
            models.CheckConstraint(
                name="approval_attachment_hash", condition=Q(sha256__regex="^[0-9a-f]{64}$")
            ),
        ]
        triggers = [
            noted(),
            pgtrigger.Trigger(
                name="open",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=_OPEN,
            ),
        ]


class Statement(Record):
    """What a region says of an item of the readiness checklist (F2, M47 art. 6)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="statements")
    item = models.CharField(max_length=40)
    text = models.TextField(max_length=4000)

    class Meta(Record.Meta):
        db_table = "approval_statement"
        constraints = [
            models.UniqueConstraint("case", "item", name="approval_statement_once"),
            models.CheckConstraint(name="approval_statement_says", condition=~Q(text="")),
        ]
        triggers = [
            noted(),
            pgtrigger.Trigger(
                name="open",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Delete | pgtrigger.Update,
                func=_WRITTEN,
            ),
        ]


class Review(Record):
    """What a reviewing body said of a case as it was submitted (``digest``)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reviews")
    body = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    passed = models.BooleanField()
    opinion = models.CharField(_("opinion"), max_length=1000)
    document = models.CharField(_("document number"), max_length=80, blank=True, default="")
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta(Record.Meta):
        db_table = "approval_review"
        constraints = [models.CheckConstraint(name="approval_review_opinion", condition=~Q(opinion=""))]
        triggers = [noted(), final("a review")]
