"""Records of destruction (销毁): approved, done by two persons before a supervisor."""

from django.db import models
from django.db.models import F, Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.custody.models.triggers import final
from shebaoka.office.organizations.models import Organization, Staff


class Destruction(Record):
    """Carriers that were destroyed together. ``certificate``: of the unit that destroyed them, or the number
    of the photographs where the body did it itself."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="destructions")
    number = models.CharField(max_length=30, unique=True)
    day = models.DateField()
    reason = models.CharField(max_length=200)
    method = models.CharField(max_length=200)
    place = models.CharField(max_length=120)
    certificate = models.CharField(max_length=80)
    photographs = models.CharField(max_length=64, blank=True)
    destroyer_a = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    destroyer_b = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    supervisor = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    approver = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                name="destruction_three_persons",
                condition=~Q(destroyer_a=F("destroyer_b"))
                & ~Q(destroyer_a=F("supervisor"))
                & ~Q(destroyer_b=F("supervisor")),
            ),
        ]
        triggers = [noted(), final("a record of destruction")]


class DestructionFile(Record):
    """A photograph, a certificate or a witness's paper of a destruction; ``sha256`` of its content."""

    destruction = models.ForeignKey(Destruction, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    shows = models.CharField(max_length=200)
    added_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint("destruction", "sha256", name="destruction_file_once")]
        triggers = [noted(), final("a file of a destruction")]
