"""The register of keys (密钥台账): what the vaults say of their keys, never the keys."""

from django.db import models
from django.db.models import Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.custody.models.hsms import Hsm
from shebaoka.office.custody.models.triggers import final, kept, once
from shebaoka.office.organizations.models import Organization


class KeyRecord(Record):
    """A key of a body's vault (R-24). ``key_id``: the vault's id; ``level``: how far it is diversified;
    ``parent``: id of the key above, empty for a root of the body itself; ``kcv``: check value.

    ``missing_since``: the vault did not name it any more when it was read last."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="key_records")
    hsm = models.ForeignKey(Hsm, null=True, on_delete=models.PROTECT, related_name="key_records")
    key_id = models.CharField(max_length=120, unique=True)
    level = models.CharField(max_length=10)
    name = models.CharField(max_length=60)
    usage = models.CharField(max_length=60, blank=True)
    version = models.PositiveSmallIntegerField()
    algorithm = models.CharField(max_length=12)
    scope = models.CharField(max_length=10, blank=True)
    parent = models.CharField(max_length=120, blank=True)
    factor = models.CharField(max_length=16, blank=True)
    kcv = models.CharField(max_length=6)
    exportable = models.BooleanField()
    test_only = models.BooleanField()
    state = models.CharField(max_length=10)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    missing_since = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(name="key_record_kcv", condition=Q(kcv__regex="^[0-9A-F]{6}$")),
            models.CheckConstraint(
                name="key_record_factor", condition=Q(parent="", factor="") | ~Q(parent="")
            ),
        ]
        indexes = [models.Index(fields=["organization", "name", "version"], name="key_record_of_body")]
        triggers = [
            noted(),
            kept(
                "a key",
                *("organization_id", "key_id", "level", "name", "version", "algorithm", "parent", "kcv"),
                *("test_only", "first_seen"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version} {self.algorithm}"


class KeyRotation(Record):
    """A key that is to be replaced because of an incident; done when the vault says that it is not in use
    any more."""

    key = models.ForeignKey(KeyRecord, on_delete=models.PROTECT, related_name="rotations")
    incident = models.CharField(max_length=60)
    begun_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("key", condition=Q(done_at=None), name="key_rotation_once"),
        ]
        triggers = [noted(), kept("a rotation", "key_id", "incident", "begun_at", more=once("done_at"))]


class KeyStateChange(Record):
    """A state of a key and since when the register knows of it."""

    key = models.ForeignKey(KeyRecord, on_delete=models.PROTECT, related_name="changes")
    state = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta(Record.Meta):
        triggers = [noted(), final("the life of a key")]
