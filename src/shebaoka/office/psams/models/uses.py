"""What is known of a PSAM in use: counters (R-59), inspections (R-34), losses (R-35), the block list."""

from django.db import models
from django.db.models import F, Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.custody.models.triggers import final, kept, once
from shebaoka.office.organizations.models import Organization, Staff
from shebaoka.office.psams.choices import Source, Verdict
from shebaoka.office.psams.models.hosts import Host
from shebaoka.office.psams.models.psams import Issue, Psam


class Use(Record):
    """Counters of a terminal: the transactions ``first`` to ``last`` it did with the PSAM, and what that
    showed. ``place``: the code it came from; ``host``: which host asked, ``reference``: the name it gave its
    question, so that the same one asked again is answered alike."""

    psam = models.ForeignKey(Psam, on_delete=models.PROTECT, related_name="uses")
    issue = models.ForeignKey(Issue, null=True, on_delete=models.PROTECT, related_name="uses")
    at = models.DateTimeField()
    terminal = models.CharField(max_length=12)
    unit = models.CharField(max_length=20)
    place = models.CharField(max_length=40)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    source = models.CharField(max_length=10, choices=Source)
    verdict = models.CharField(max_length=14, choices=Verdict)
    incident = models.CharField(max_length=60, blank=True, default="")
    host = models.ForeignKey(Host, null=True, on_delete=models.PROTECT, related_name="uses")
    reference = models.UUIDField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(name="psam_use_counters", condition=Q(last__gte=F("first"), first__gte=0)),
            models.CheckConstraint(
                name="psam_use_asked", condition=Q(host=None) ^ Q(reference__isnull=False)
            ),
            models.UniqueConstraint("host", "reference", name="psam_use_asked_once"),
        ]
        indexes = [models.Index(fields=["psam", "at"], name="psam_use_time")]
        triggers = [noted(), final("a use")]


class Inspection(Record):
    """The conditions of use looked at on site. ``broken``: names of those that are not kept."""

    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="inspections")
    at = models.DateTimeField()
    inspector = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    broken = models.JSONField(default=list)
    remark = models.CharField(max_length=400, blank=True, default="")

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(name="psam_inspection_says_what", condition=Q(broken=[]) | ~Q(remark=""))
        ]
        triggers = [noted(), final("an inspection")]


class Loss(Record):
    """A PSAM that is lost. ``told_at``: the first report; ``written_due``: until when it must come in
    writing; ``holder``: the unit, or the body itself."""

    psam = models.ForeignKey(Psam, on_delete=models.PROTECT, related_name="losses")
    holder = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="psam_losses")
    told_at = models.DateTimeField()
    told_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    missing_since = models.DateTimeField()
    circumstances = models.CharField(max_length=400)
    theft = models.BooleanField(default=False)
    incident = models.CharField(max_length=60, blank=True, default="")
    written_due = models.DateTimeField()
    written_at = models.DateTimeField(null=True)
    written_document = models.CharField(max_length=60, blank=True, default="")
    responsibility = models.CharField(max_length=400, blank=True, default="")
    police = models.CharField(max_length=60, blank=True, default="")
    found_at = models.DateTimeField(null=True)
    written_off_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("psam", condition=Q(found_at=None), name="psam_loss_one"),
            models.CheckConstraint(
                name="psam_loss_written",
                condition=Q(written_at=None) | ~Q(written_document="") & ~Q(responsibility=""),
            ),
            models.CheckConstraint(
                name="psam_loss_theft_told", condition=Q(written_at=None) | Q(theft=False) | ~Q(police="")
            ),
        ]
        triggers = [
            noted(),
            kept(
                "a loss",
                "psam_id",
                "holder_id",
                "told_at",
                "told_by_id",
                "missing_since",
                "circumstances",
                "written_due",
                more=once("incident", "written_at", "written_document", "responsibility", "found_at"),
            ),
        ]


class BlockList(Record):
    """The signed list of PSAMs that hosts refuse (黑名单), a version of a body. ``content``: the lines that
    were signed; ``signature``: Ed25519 in hex; ``signer``: the first 16 hex digits of the key's SHA-256."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="psam_lists")
    version = models.PositiveIntegerField()
    issued_at = models.DateTimeField()
    entries = models.PositiveIntegerField()
    content = models.TextField()
    signature = models.CharField(max_length=128)
    signer = models.CharField(max_length=16)

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint("organization", "version", name="psam_list_once")]
        triggers = [noted(), final("a block list")]
