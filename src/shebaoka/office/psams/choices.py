"""What things of PSAMs are called, and the legal moves of a PSAM as data."""

from collections.abc import Mapping
from types import MappingProxyType

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where a PSAM stands in its life (R-31 to R-38)."""

    ORDERED = "ordered", _("On the way")
    RECEIVED = "received", _("Received, no keys yet")
    KEYED = "keyed", _("Keys loaded")
    IN_STOCK = "in-stock", _("In stock")
    ISSUED = "issued", _("Issued, not activated")
    ACTIVE = "active", _("In use")
    FROZEN = "frozen", _("Frozen")
    DAMAGED = "damaged", _("Damaged")
    EXPIRED = "expired", _("Expired")
    RETURNED = "returned", _("Returned")
    LOST = "lost", _("Lost")
    FOUND = "found", _("Found again")
    WRITTEN_OFF = "written-off", _("Written off")
    TO_DESTROY = "to-destroy", _("To be destroyed")
    DESTROYED = "destroyed", _("Destroyed")


_S = Status
MOVES: Mapping[Status, frozenset[Status]] = MappingProxyType(
    {
        _S.ORDERED: frozenset({_S.RECEIVED, _S.LOST}),
        _S.RECEIVED: frozenset({_S.KEYED, _S.DAMAGED, _S.LOST}),
        _S.KEYED: frozenset({_S.IN_STOCK, _S.DAMAGED, _S.LOST}),
        _S.IN_STOCK: frozenset({_S.ISSUED, _S.DAMAGED, _S.LOST, _S.TO_DESTROY}),
        _S.ISSUED: frozenset({_S.ACTIVE, _S.FROZEN, _S.DAMAGED, _S.EXPIRED, _S.RETURNED, _S.LOST}),
        _S.ACTIVE: frozenset({_S.FROZEN, _S.DAMAGED, _S.EXPIRED, _S.RETURNED, _S.LOST}),
        _S.FROZEN: frozenset({_S.ISSUED, _S.ACTIVE, _S.DAMAGED, _S.EXPIRED, _S.RETURNED, _S.LOST}),
        _S.DAMAGED: frozenset({_S.RETURNED, _S.LOST, _S.TO_DESTROY}),
        _S.EXPIRED: frozenset({_S.DAMAGED, _S.RETURNED, _S.LOST}),
        _S.RETURNED: frozenset({_S.IN_STOCK, _S.TO_DESTROY, _S.LOST}),
        _S.LOST: frozenset({_S.FOUND, _S.WRITTEN_OFF}),
        _S.FOUND: frozenset({_S.RETURNED, _S.LOST}),
        _S.WRITTEN_OFF: frozenset({_S.FOUND}),
        _S.TO_DESTROY: frozenset({_S.DESTROYED, _S.LOST}),
        _S.DESTROYED: frozenset(),
    }
)
"""What may follow each status. A lost one that is found never serves again before it was returned and
checked."""

AT_UNIT = frozenset({_S.ISSUED, _S.ACTIVE, _S.FROZEN, _S.DAMAGED, _S.EXPIRED})
"""Where a unit may hold it."""
USABLE = frozenset({_S.ISSUED, _S.ACTIVE})
BLOCKED = frozenset({_S.FROZEN, _S.EXPIRED, _S.LOST, _S.FOUND, _S.WRITTEN_OFF, _S.TO_DESTROY, _S.DESTROYED})
"""What a host refuses, by the list or by asking."""


class KeyLevel(models.TextChoices):
    """Whose keys a PSAM carries (Part 9 §5)."""

    NATION = "nation", _("National keys")
    PROVINCE = "province", _("Provincial keys")
    CITY = "city", _("City keys")


class Algorithm(models.TextChoices):
    """The cipher of keys in a PSAM."""

    TDES = "3DES", "3DES"
    SM4 = "SM4", "SM4"


class Purpose(models.TextChoices):
    """What a PSAM is issued for: what its keys let a terminal do."""

    READ = "read", _("Read only")
    WRITE = "write", _("Read and update")
    PURCHASE = "purchase", _("Medical purchase")
    UNBLOCK = "unblock", _("Unblock PINs")


GRAVE = frozenset({Purpose.WRITE, Purpose.UNBLOCK})
"""Purposes whose loss is graver than that of a single PSAM (R-35)."""


class Form(models.TextChoices):
    """The physical form (M47 art. 25)."""

    PLUG_IN = "plug-in", _("Plug-in module (ID-000) in a slot")
    CARD = "card", _("Card (ID-1)")
    SOLDERED = "soldered", _("Soldered module")


class PlaceKind(models.TextChoices):
    """What kind of place uses PSAMs."""

    COUNTER = "counter", _("Agency counter")
    HOSPITAL = "hospital", _("Hospital")
    PHARMACY = "pharmacy", _("Pharmacy")
    BANK = "bank", _("Bank branch")
    CARD_CENTER = "card-center", _("Card center")
    FACTORY = "factory", _("Production line")
    SELF_SERVICE = "self-service", _("Self-service machine")


class Network(models.TextChoices):
    """What the machine is connected to."""

    NONE = "none", _("No network")
    DEDICATED = "dedicated", _("Dedicated line")
    INTRANET = "intranet", _("Internal network")
    INTERNET = "internet", _("Internet")


class OrderStatus(models.TextChoices):
    """Where an application for PSAMs stands (PSAM卡申领)."""

    SUBMITTED = "submitted", _("Submitted")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Not granted")
    SENT = "sent", _("Sent")
    RECEIVED = "received", _("Received by the body")


ORDER_MOVES: Mapping[OrderStatus, frozenset[OrderStatus]] = MappingProxyType(
    {
        OrderStatus.SUBMITTED: frozenset({OrderStatus.GRANTED, OrderStatus.REFUSED}),
        OrderStatus.GRANTED: frozenset({OrderStatus.SENT}),
        OrderStatus.REFUSED: frozenset(),
        OrderStatus.SENT: frozenset({OrderStatus.RECEIVED}),
        OrderStatus.RECEIVED: frozenset(),
    }
)


class Source(models.TextChoices):
    """Where counters come from."""

    HOST = "host", _("Host, online")
    REPORT = "report", _("Report of the terminal")
    CHIP = "chip", _("Read from the PSAM")


class Verdict(models.TextChoices):
    """What a use, or a contact, showed (R-33, R-59)."""

    GOOD = "good", _("In order")
    BACKWARDS = "backwards", _("Counter running backwards")
    WRONG_PLACE = "wrong-place", _("Wrong terminal, unit or place")
    NOT_ACCEPTED = "not-accepted", _("Used before it was accepted")
    BLOCKED = "blocked", _("Used although blocked")


class RecallReason(models.TextChoices):
    """Why PSAMs are called back (回收, R-37)."""

    CLOSING = "closing", _("The place of use closes")
    AGREEMENT = "agreement", _("The service agreement ends")
    EQUIPMENT = "equipment", _("The equipment is replaced")
    EXPIRY = "expiry", _("The PSAM expires")
    KEY_VERSION = "key-version", _("The key version changes")
    EXCHANGE = "exchange", _("It was exchanged for another")
    EXCESS = "excess", _("More PSAMs than are needed")


class Wipe(models.TextChoices):
    """How the keys of a PSAM came to their end."""

    CHIP = "chip", _("Erased on the chip")
    SILENT = "silent", _("The chip does not answer")


class DestructionFileKind(models.TextChoices):
    """What shows that chips were destroyed (R-38)."""

    PHOTO = "photo", _("Photo")
    RECORD = "record", _("Record signed by the witnesses")


class Finding(models.TextChoices):
    """What a count found of one PSAM (R-58)."""

    THERE = "there", _("There")
    MISSING = "missing", _("Not there")
    ELSEWHERE = "elsewhere", _("At another place")
    UNKNOWN = "unknown", _("Not in the register of this unit")
