"""What things of custody are called, and the legal moves of a carrier as data."""

from collections.abc import Mapping
from types import MappingProxyType

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlaceKind(models.TextChoices):
    """Where carriers and devices are kept (§ storage, M47 art. 24)."""

    SAFE = "safe", _("Safe")
    CABINET = "cabinet", _("Dedicated cabinet")
    ROOM = "room", _("Machine room")


class CarrierKind(models.TextChoices):
    """What carries keys (密钥载体, M47 art. 23)."""

    MASTER_CONTROL = "master-control", _("Master control card")
    MOTHER = "mother", _("Mother card")
    TRANSMISSION = "transmission", _("Transmission card")


PAIRED = (CarrierKind.MOTHER, CarrierKind.TRANSMISSION)
"""The two halves of an export: nobody holds both."""


class CarrierStatus(models.TextChoices):
    """Where a carrier stands in its life."""

    NUMBERED = "numbered", _("Numbered")
    STORED = "stored", _("Stored")
    OUT = "out", _("Taken out")
    SENT = "sent", _("On the way")
    RECEIVED = "received", _("Received, not yet stored")
    AT_THIRD_PARTY = "at-third-party", _("At a third party")
    RETURNED = "returned", _("Returned, not yet stored")
    DAMAGED = "damaged", _("Damaged")
    LOST = "lost", _("Lost")
    DESTROYED = "destroyed", _("Destroyed")


_S = CarrierStatus
MOVES: Mapping[CarrierStatus, frozenset[CarrierStatus]] = MappingProxyType(
    {
        _S.NUMBERED: frozenset({_S.STORED, _S.SENT, _S.DAMAGED, _S.LOST}),
        _S.STORED: frozenset({_S.OUT, _S.SENT, _S.AT_THIRD_PARTY, _S.DAMAGED, _S.LOST, _S.DESTROYED}),
        _S.OUT: frozenset({_S.STORED, _S.DAMAGED, _S.LOST}),
        _S.SENT: frozenset({_S.RECEIVED, _S.LOST}),
        _S.RECEIVED: frozenset({_S.STORED, _S.DAMAGED, _S.LOST}),
        _S.AT_THIRD_PARTY: frozenset({_S.RETURNED, _S.LOST}),
        _S.RETURNED: frozenset({_S.STORED, _S.DAMAGED, _S.LOST}),
        _S.DAMAGED: frozenset({_S.SENT, _S.LOST, _S.DESTROYED}),
        _S.LOST: frozenset({_S.RETURNED}),
        _S.DESTROYED: frozenset(),
    }
)
"""What may follow each status; a lost carrier that is found comes back as returned."""


class Capacity(models.TextChoices):
    """As what somebody holds a carrier."""

    CUSTODIAN = "custodian", _("Custodian")
    DEPUTY = "deputy", _("Deputy")
    TAKER = "taker", _("Taken out by")
    COURIER = "courier", _("Courier")
    THIRD_PARTY = "third-party", _("At the third party")


class Secrecy(models.TextChoices):
    """Whether the carrier is a state secret, and of which level (国家秘密)."""

    NONE = "none", _("Not classified")
    SECRET = "secret", _("Secret (秘密)")
    CONFIDENTIAL = "confidential", _("Highly secret (机密)")
    TOP = "top", _("Top secret (绝密)")


class HsmStatus(models.TextChoices):
    """Where a device stands in its life."""

    IN_USE = "in-use", _("In use")
    SPARE = "spare", _("Spare")
    OUT_OF_SERVICE = "out-of-service", _("Out of service")
    LOST = "lost", _("Lost")
    DESTROYED = "destroyed", _("Destroyed")


HSM_MOVES: Mapping[HsmStatus, frozenset[HsmStatus]] = MappingProxyType(
    {
        HsmStatus.IN_USE: frozenset({HsmStatus.SPARE, HsmStatus.OUT_OF_SERVICE, HsmStatus.LOST}),
        HsmStatus.SPARE: frozenset({HsmStatus.IN_USE, HsmStatus.OUT_OF_SERVICE, HsmStatus.LOST}),
        HsmStatus.OUT_OF_SERVICE: frozenset(
            {HsmStatus.IN_USE, HsmStatus.SPARE, HsmStatus.LOST, HsmStatus.DESTROYED}
        ),
        HsmStatus.LOST: frozenset({HsmStatus.OUT_OF_SERVICE}),
        HsmStatus.DESTROYED: frozenset(),
    }
)
"""What may follow each status of a device."""


class OrderStatus(models.TextChoices):
    """Where an application for keys and carriers stands (密钥申领)."""

    SUBMITTED = "submitted", _("Submitted")
    REFUSED = "refused", _("Application refused")
    SENT = "sent", _("Sent")
    FULFILLED = "fulfilled", _("Received")


class Difference(models.TextChoices):
    """What a count found that is not as the register says."""

    NONE = "", _("None")
    MISSING = "missing", _("Not there")
    SEAL = "seal", _("Another seal")
    UNKNOWN = "unknown", _("Not in the register of this body")


class HandOverStatus(models.TextChoices):
    """Where a hand-over to a third party stands (M47 art. 24)."""

    PREPARED = "prepared", _("Being prepared")
    EFFECTIVE = "effective", _("Effective: all four documents are there")
    OUT = "out", _("Carriers are at the third party")
    RETURNED = "returned", _("Carriers are back")
    WITHDRAWN = "withdrawn", _("Hand-over withdrawn")


class CeremonyStatus(models.TextChoices):
    """Where a key ceremony stands."""

    APPROVED = "approved", _("Approved")
    SITTING = "sitting", _("Being held")
    HELD = "held", _("Held")
    ABORTED = "aborted", _("Aborted")


class IdentityKind(models.TextChoices):
    """The document somebody shows who she is with."""

    RESIDENT = "resident", _("Resident identity card")
    SERVICE = "service", _("Service card")
    PASSPORT = "passport", _("Passport")


class EnvelopeStatus(models.TextChoices):
    """Whether a deputy's envelope is under its seal (R-65)."""

    SEALED = "sealed", _("Under its seal")
    OPENED = "opened", _("Opened")
