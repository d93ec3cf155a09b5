"""The register of PSAMs (PSAM卡台账, M47 art. 25, R-31), their keys, who holds them, their history."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.custody.models.triggers import final, kept, moves, once
from shebaoka.office.organizations.models import Organization, Staff
from shebaoka.office.psams.choices import MOVES, Algorithm, Form, KeyLevel, Purpose, Status
from shebaoka.office.psams.models.places import Place
from shebaoka.office.psams.models.vendors import Order, Vendor

_BORN = """
IF NEW.status <> 'ordered' OR NOT EXISTS (
    SELECT 1 FROM psams_order WHERE id = NEW.order_id AND organization_id = NEW.owner_id
    AND status IN ('granted', 'sent')
) THEN
    RAISE EXCEPTION 'a PSAM comes into the register with the hand-over list of a granted application';
END IF;
RETURN NEW;
"""
# what a status rests on is there before it, whoever writes it
_GROUNDS = """
IF NEW.status <> OLD.status AND NEW.status IN ('issued', 'active') AND NOT EXISTS (
    SELECT 1 FROM psams_issue WHERE psam_id = NEW.id AND ended_at IS NULL
    AND (NEW.status = 'issued' OR accepted_at IS NOT NULL)
) THEN
    RAISE EXCEPTION 'PSAM % is issued to nobody, or nobody accepted it', NEW.serial;
END IF;
IF NEW.status <> OLD.status AND NEW.status = 'lost' AND NOT EXISTS (
    SELECT 1 FROM psams_loss WHERE psam_id = NEW.id AND found_at IS NULL
) THEN
    RAISE EXCEPTION 'PSAM % is lost only with a report', NEW.serial;
END IF;
IF NEW.status <> OLD.status AND NEW.status = 'destroyed' AND NOT EXISTS (
    SELECT 1 FROM psams_destructionline line JOIN psams_destruction d ON d.id = line.destruction_id
    WHERE line.psam_id = NEW.id AND line.wiped_how <> '' AND d.certificate <> ''
) THEN
    RAISE EXCEPTION 'PSAM % is destroyed only when it was wiped and there is a certificate', NEW.serial;
END IF;
IF NEW.sequence < OLD.sequence THEN
    RAISE EXCEPTION 'the counter of PSAM % only rises', NEW.serial;
END IF;
"""


class Psam(Record):
    """A PSAM. ``serial``: 20 digits (file 0015); ``terminal``: 12 digits, region and number (file 0016);
    ``printed``, ``picture`` (SHA-256 of the image), ``seal``, ``form``: its outward appearance; ``owner``:
    the body that answers for it; ``sequence``: the last counter known (file 0019)."""

    serial = models.CharField(max_length=20, unique=True)
    terminal = models.CharField(max_length=12, unique=True)
    printed = models.CharField(max_length=40, blank=True, default="")
    batch = models.CharField(max_length=40)
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="psams")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="psams")
    owner = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="psams")
    chip = models.CharField(max_length=60)
    cos = models.CharField(max_length=60)
    key_card_type = models.PositiveSmallIntegerField(default=0)
    starts_on = models.DateField()
    expires_on = models.DateField()
    received_on = models.DateField(null=True)
    document = models.CharField(max_length=60, blank=True, default="")
    form = models.CharField(max_length=10, choices=Form, blank=True, default="")
    seal = models.CharField(max_length=40, blank=True, default="")
    picture = models.CharField(max_length=64, blank=True, default="")
    status = models.CharField(max_length=12, choices=Status, default=Status.ORDERED)
    sequence = models.BigIntegerField(null=True)
    seen_at = models.DateTimeField(null=True)
    audited_on = models.DateField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(name="psam_serial", condition=Q(serial__regex=r"^[0-9]{20}$")),
            models.CheckConstraint(name="psam_terminal", condition=Q(terminal__regex=r"^[0-9]{12}$")),
            models.CheckConstraint(name="psam_dates", condition=Q(expires_on__gte=F("starts_on"))),
            models.UniqueConstraint("printed", condition=~Q(printed=""), name="psam_printed_once"),
        ]
        indexes = [models.Index(fields=["owner", "status"], name="psam_owner_status")]
        triggers = [
            noted(),
            pgtrigger.Trigger(name="born", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_BORN),
            kept(
                "a PSAM",
                "serial",
                "terminal",
                "batch",
                "vendor_id",
                "order_id",
                "owner_id",
                "starts_on",
                "expires_on",
                more=moves(MOVES) + once("printed", "received_on", "document") + _GROUNDS,
            ),
        ]

    def __str__(self) -> str:
        return self.serial


class PsamKey(Record):
    """Keys of a level that were loaded: level, version, cipher, who and when; never the keys."""

    psam = models.ForeignKey(Psam, on_delete=models.PROTECT, related_name="keys")
    level = models.CharField(max_length=10, choices=KeyLevel)
    algorithm = models.CharField(max_length=6, choices=Algorithm)
    version = models.PositiveSmallIntegerField()
    loaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("psam", "level", "algorithm", "version", name="psam_key_once"),
            models.CheckConstraint(name="psam_key_version", condition=Q(version__range=(1, 255))),
        ]
        triggers = [noted(), final("a loading of keys")]


class Issue(Record):
    """A PSAM in the hands of a unit, for one place and keeper. ``conditions``: digest of what she accepted;
    ``replaces``: the one it stands for."""

    psam = models.ForeignKey(Psam, on_delete=models.PROTECT, related_name="issues")
    unit = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="psam_issues")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="issues")
    keeper = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="psams_kept")
    purpose = models.CharField(max_length=10, choices=Purpose)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    checked_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    replaces = models.ForeignKey(Psam, null=True, on_delete=models.PROTECT, related_name="replaced_by")
    conditions = models.CharField(max_length=64, blank=True, default="")
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    activated_at = models.DateTimeField(null=True)
    inspected_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("psam", condition=Q(ended_at=None), name="psam_issue_one"),
            models.CheckConstraint(
                name="psam_issue_two_persons",
                condition=Q(checked_by=None) | ~Q(checked_by=F("issued_by")),
            ),
            models.CheckConstraint(
                name="psam_issue_accepted_by_keeper",
                condition=Q(accepted_at=None, accepted_by=None, conditions="")
                | Q(accepted_by=F("keeper")) & ~Q(accepted_at=None) & ~Q(conditions=""),
            ),
            models.CheckConstraint(
                name="psam_issue_activated", condition=Q(activated_at=None) | ~Q(accepted_at=None)
            ),
        ]
        triggers = [
            noted(),
            kept(
                "an issue",
                "psam_id",
                "unit_id",
                "purpose",
                "issued_at",
                "issued_by_id",
                "checked_by_id",
                "replaces_id",
                more=once("accepted_at", "activated_at", "ended_at"),
            ),
        ]


class Event(Record):
    """A step in the life of a PSAM: from one status to the next, when, why, by whom."""

    psam = models.ForeignKey(Psam, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    before = models.CharField(max_length=12, choices=Status, blank=True)
    after = models.CharField(max_length=12, choices=Status)
    act = models.CharField(max_length=80)
    why = models.CharField(max_length=400, blank=True, default="")
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["psam", "at"], name="psam_event_time")]
        triggers = [noted(), final("a history")]
