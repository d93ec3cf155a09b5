"""The register of key carriers (密钥载体台账) and who holds one. The database keeps the two halves of an
export apart, whatever way a row is written."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.custody.choices import MOVES, PAIRED, Capacity, CarrierKind, CarrierStatus, Secrecy
from shebaoka.office.custody.models.destructions import Destruction
from shebaoka.office.custody.models.places import StoragePlace
from shebaoka.office.custody.models.triggers import kept, moves
from shebaoka.office.organizations.models import Organization, Staff

_BORN = """
IF NEW.status <> 'numbered' OR NEW.holder_id <> NEW.issuer_id OR NOT EXISTS (
    SELECT 1 FROM organizations_organization WHERE id = NEW.issuer_id AND kind = 'ministry'
) THEN
    RAISE EXCEPTION 'carriers are issued by the ministry alone (M47 art. 23)';
END IF;
RETURN NEW;
"""
# signatures and documents stand before the carrier moves: the rows are there, or the status is refused
_GROUNDS = """
IF NEW.status = 'out' AND NOT EXISTS (
    SELECT 1 FROM custody_movement WHERE carrier_id = NEW.id AND in_at IS NULL
) THEN
    RAISE EXCEPTION 'carrier % leaves its place only with a movement of two signatures', NEW.serial;
END IF;
IF NEW.status = 'sent' AND OLD.status <> 'sent' AND NOT EXISTS (
    SELECT 1 FROM custody_dispatchline line JOIN custody_dispatch d ON d.id = line.dispatch_id
    WHERE line.carrier_id = NEW.id AND d.received_at IS NULL
) THEN
    RAISE EXCEPTION 'carrier % is sent only with a memorandum', NEW.serial;
END IF;
IF NEW.holder_id <> OLD.holder_id AND NEW.status <> 'received' THEN
    RAISE EXCEPTION 'carrier % comes to a body only by being received', NEW.serial;
END IF;
IF NEW.status = 'at-third-party' AND OLD.status <> 'at-third-party' AND NOT EXISTS (
    SELECT 1 FROM custody_handoverline line JOIN custody_handover h ON h.id = line.hand_over_id
    WHERE line.carrier_id = NEW.id AND h.status IN ('effective', 'out')
) THEN
    RAISE EXCEPTION 'carrier % leaves for a third party only with all four documents', NEW.serial;
END IF;
"""
_TOLD = """
UPDATE custody_holding SET pair = NEW.pair WHERE carrier_id = NEW.id AND until IS NULL;
RETURN NULL;
"""
# under a lock on the carrier: a pair that is made at the same moment is seen
_PAIR_OF = """
IF TG_OP = 'UPDATE' AND (NEW.carrier_id, NEW.person_id, NEW.capacity, NEW.since) IS DISTINCT FROM
    (OLD.carrier_id, OLD.person_id, OLD.capacity, OLD.since) OR TG_OP = 'UPDATE' AND OLD.until IS NOT NULL
THEN
    RAISE EXCEPTION 'who held a carrier stays written';
END IF;
SELECT pair INTO NEW.pair FROM custody_carrier WHERE id = NEW.carrier_id FOR SHARE;
RETURN NEW;
"""


class Carrier(Record):
    """A key carrier. ``issuer``: the ministry; ``holder``: the body that answers for it; ``pair``: reference
    of the export (8 bytes in hex) that a mother card shares with its transmission card, empty before;
    ``keys``: ids of those on a mother card; ``seal``: of its envelope now."""

    serial = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=20, choices=CarrierKind)
    issuer = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="carriers_issued")
    holder = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="carriers")
    document = models.CharField(max_length=60)
    pair = models.CharField(max_length=16, blank=True, default="")
    content = models.CharField(max_length=200, blank=True)
    keys = models.JSONField(default=list)
    seal = models.CharField(max_length=20, blank=True)
    secrecy = models.CharField(max_length=12, choices=Secrecy, default=Secrecy.NONE)
    secrecy_until = models.DateField(null=True)
    status = models.CharField(max_length=16, choices=CarrierStatus, default=CarrierStatus.NUMBERED)
    numbered_on = models.DateField()
    received_on = models.DateField(null=True)
    place = models.ForeignKey(StoragePlace, null=True, on_delete=models.PROTECT, related_name="carriers")
    compartment = models.CharField(max_length=20, blank=True)
    destruction = models.ForeignKey(Destruction, null=True, on_delete=models.PROTECT, related_name="carriers")

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(name="carrier_serial", condition=Q(serial__regex=r"^\d{16}$")),
            models.CheckConstraint(name="carrier_pair", condition=Q(pair__regex="^([0-9A-F]{16})?$")),
            models.CheckConstraint(
                name="carrier_pair_kind", condition=Q(pair="") | Q(kind__in=[kind.value for kind in PAIRED])
            ),
            models.UniqueConstraint("pair", "kind", condition=~Q(pair=""), name="carrier_pair_of_two"),
            models.UniqueConstraint("pair", "place", condition=~Q(pair=""), name="carrier_pair_apart"),
            models.CheckConstraint(
                name="carrier_stored_somewhere",
                condition=~Q(status__in=["stored", "out"]) | ~Q(place=None),
            ),
            models.CheckConstraint(
                name="carrier_destroyed_with_record",
                condition=Q(status="destroyed") & ~Q(destruction=None)
                | ~Q(status="destroyed") & Q(destruction=None),
            ),
            models.CheckConstraint(
                name="carrier_secrecy", condition=~Q(secrecy="none") | Q(secrecy_until=None)
            ),
        ]
        indexes = [models.Index(fields=["holder", "status"], name="carrier_of_body")]
        triggers = [
            noted(),
            kept("a carrier", "serial", "kind", "issuer_id", "numbered_on", more=moves(MOVES) + _GROUNDS),
            pgtrigger.Trigger(name="born", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_BORN),
            pgtrigger.Trigger(
                name="told",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__pair__df=pgtrigger.F("new__pair")),
                func=_TOLD,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.serial}"


class Holding(Record):
    """Somebody holds a carrier, as custodian, deputy, taker, courier or person at a third party. ``pair`` is
    the carrier's: nobody holds two carriers of one pair, that is a mother card and its transmission card."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="holdings")
    person = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="holdings")
    capacity = models.CharField(max_length=12, choices=Capacity)
    pair = models.CharField(max_length=16, blank=True, default="")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                "person", "pair", condition=Q(until=None) & ~Q(pair=""), name="holding_never_both_halves"
            ),
            models.UniqueConstraint(
                "carrier", "person", condition=Q(until=None), name="holding_one_capacity"
            ),
            models.UniqueConstraint(
                "carrier", "capacity", condition=Q(until=None), name="holding_one_person"
            ),
            models.CheckConstraint(name="holding_times", condition=Q(until=None) | Q(until__gte=F("since"))),
        ]
        triggers = [
            noted(),
            pgtrigger.Trigger(
                name="pair_of",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_PAIR_OF,
            ),
            pgtrigger.Trigger(
                name="stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func="RAISE EXCEPTION 'who held a carrier stays written';",
            ),
        ]
