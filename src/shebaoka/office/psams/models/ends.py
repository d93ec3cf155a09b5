"""How PSAMs come back and end: recalls (R-37), counts (R-58), destruction (R-38)."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.custody.models.triggers import final, kept, once
from shebaoka.office.organizations.models import Organization, Staff
from shebaoka.office.psams.choices import DestructionFileKind, Finding, RecallReason, Wipe
from shebaoka.office.psams.models.psams import Psam

_PICTURED = """
IF NEW.certificate <> '' AND OLD.certificate = '' AND NOT EXISTS (
    SELECT 1 FROM psams_destructionfile WHERE destruction_id = NEW.id
) THEN
    RAISE EXCEPTION 'destruction % has no photo or record of its witnesses', NEW.number;
END IF;
"""
_OPEN = """
IF TG_OP <> 'INSERT' THEN
    RAISE EXCEPTION 'a file of a destruction is never changed or removed';
END IF;
IF EXISTS (SELECT 1 FROM psams_destruction WHERE id = NEW.destruction_id AND done_at IS NOT NULL) THEN
    RAISE EXCEPTION 'the destruction is certified already';
END IF;
RETURN NEW;
"""


class Recall(Record):
    """A recall list (回收清单). ``due``: the last day for handing in."""

    number = models.CharField(max_length=40, unique=True)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="psam_recalls")
    reason = models.CharField(max_length=12, choices=RecallReason)
    remark = models.CharField(max_length=400, blank=True, default="")
    made_at = models.DateTimeField()
    due = models.DateField()

    class Meta(Record.Meta):
        triggers = [noted(), final("a recall list")]

    def __str__(self) -> str:
        return self.number


class RecallLine(Record):
    """A PSAM that is called back: reminded, handed in, or frozen at the deadline."""

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="lines")
    psam = models.ForeignKey(Psam, on_delete=models.PROTECT, related_name="recalls")
    reminded_at = models.DateTimeField(null=True)
    frozen_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("psam", condition=Q(returned_at=None), name="psam_recall_one"),
        ]
        triggers = [
            noted(),
            kept(
                "a recall",
                "recall_id",
                "psam_id",
                more=once("reminded_at", "frozen_at", "returned_at"),
            ),
        ]


class Return(Record):
    """A PSAM handed back: when, by whom, to whom (Part 10 §6.5.3)."""

    number = models.CharField(max_length=40, unique=True)
    psam = models.ForeignKey(Psam, on_delete=models.PROTECT, related_name="returns")
    at = models.DateTimeField()
    given_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    taken_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    seal_whole = models.BooleanField()
    remark = models.CharField(max_length=400, blank=True, default="")

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                name="psam_return_two_persons", condition=Q(given_by=None) | ~Q(given_by=F("taken_by"))
            )
        ]
        triggers = [noted(), final("a return")]


class Destruction(Record):
    """A destruction list (销毁清单) and its certificate: two destroyers and a supervisor as witnesses."""

    number = models.CharField(max_length=40, unique=True)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="psam_destructions")
    reason = models.CharField(max_length=400)
    approved_at = models.DateTimeField()
    method = models.CharField(max_length=200, blank=True, default="")
    site = models.CharField(max_length=200, blank=True, default="")
    done_at = models.DateTimeField(null=True)
    destroyer_a = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    destroyer_b = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    supervisor = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    photos = models.CharField(max_length=200, blank=True, default="")
    certificate = models.CharField(max_length=60, blank=True, default="")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                "certificate", condition=~Q(certificate=""), name="psam_certificate_once"
            ),
            models.CheckConstraint(
                name="psam_destruction_witnessed",
                condition=Q(done_at=None, certificate="")
                | ~Q(certificate="")
                & ~Q(done_at=None)
                & ~Q(method="")
                & ~Q(site="")
                & ~Q(photos="")
                & Q(destroyer_a__isnull=False, destroyer_b__isnull=False, supervisor__isnull=False)
                & ~Q(destroyer_a=F("destroyer_b"))
                & ~Q(destroyer_a=F("supervisor"))
                & ~Q(destroyer_b=F("supervisor")),
            ),
        ]
        triggers = [
            noted(),
            kept(
                "a destruction list",
                "number",
                "organization_id",
                "reason",
                "approved_at",
                more=once("done_at", "certificate", "method", "site", "photos") + _PICTURED,
            ),
        ]

    def __str__(self) -> str:
        return self.number


class DestructionFile(Record):
    """A photo of a destruction, or what its witnesses signed, kept under its SHA-256 (``base.files``)."""

    destruction = models.ForeignKey(Destruction, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=10, choices=DestructionFileKind)
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("destruction", "sha256", name="psam_destruction_file_once"),
            models.CheckConstraint(
                name="psam_destruction_file_hash", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
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


class DestructionLine(Record):
    """A PSAM on a destruction list and how its keys were erased."""

    destruction = models.ForeignKey(Destruction, on_delete=models.PROTECT, related_name="lines")
    psam = models.ForeignKey(Psam, on_delete=models.PROTECT, related_name="destructions")
    wiped_how = models.CharField(max_length=10, choices=Wipe, blank=True, default="")
    wiped_at = models.DateTimeField(null=True)
    wiped_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("destruction", "psam", name="psam_destruction_line_once"),
            models.CheckConstraint(
                name="psam_wiped_when",
                condition=Q(wiped_how="", wiped_at=None) | ~Q(wiped_how="") & ~Q(wiped_at=None),
            ),
        ]
        triggers = [
            noted(),
            kept("a destruction list", "destruction_id", "psam_id", more=once("wiped_how", "wiped_at")),
        ]


class Count(Record):
    """A count at a unit: what the unit declares, and a sample on site. ``incident``: opened for what nobody
    could explain."""

    unit = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="psam_counts")
    body = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="psam_counts_made")
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    expected = models.PositiveIntegerField()
    sample = models.PositiveIntegerField()
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    incident = models.CharField(max_length=60, blank=True, default="")

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                name="psam_count_two_persons",
                condition=Q(checked_by=None) | ~Q(checked_by=F("declared_by")),
            ),
            models.UniqueConstraint("unit", "body", condition=Q(checked_at=None), name="psam_count_one_open"),
        ]
        triggers = [
            noted(),
            kept(
                "a count",
                "unit_id",
                "body_id",
                "declared_at",
                "declared_by_id",
                "expected",
                "sample",
                more=once("checked_at", "incident"),
            ),
        ]


class CountLine(Record):
    """What was declared, and seen, of one PSAM; a difference has its explanation or stays unexplained."""

    count = models.ForeignKey(Count, on_delete=models.PROTECT, related_name="lines")
    psam = models.ForeignKey(Psam, null=True, on_delete=models.PROTECT, related_name="count_lines")
    serial = models.CharField(max_length=20)
    declared = models.CharField(max_length=10, choices=Finding)
    explanation = models.CharField(max_length=200, blank=True, default="")
    seen = models.CharField(max_length=10, choices=Finding, blank=True, default="")

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint("count", "serial", name="psam_count_line_once")]
        triggers = [
            noted(),
            kept("a count", "count_id", "serial", "declared", "explanation", more=once("seen")),
        ]
