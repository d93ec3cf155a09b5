"""The register of HSMs (加密机, R-26) and their certificates."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shebaoka.office.base.records import Record, noted
from shebaoka.office.custody.choices import HSM_MOVES, HsmStatus
from shebaoka.office.custody.models.places import StoragePlace
from shebaoka.office.custody.models.triggers import final, kept, moves
from shebaoka.office.organizations.models import Organization, Staff


class Hsm(Record):
    """A device. ``simulator``: a program that plays one; it is never authorized for production.

    ``vaults``: names of the vaults in the deployment's settings that lie in it, all of the body's when empty.
    ``conformity``: reference of the ministry's document, empty while there is none."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="hsms")
    maker = models.CharField(max_length=100)
    model = models.CharField(max_length=100)
    serial = models.CharField(max_length=100)
    simulator = models.BooleanField(default=False)
    vaults = models.JSONField(default=list)
    conformity = models.CharField(max_length=100, blank=True)
    conformity_on = models.DateField(null=True)
    status = models.CharField(max_length=20, choices=HsmStatus, default=HsmStatus.IN_USE)
    place = models.ForeignKey(StoragePlace, on_delete=models.PROTECT, related_name="hsms")
    custodian = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="hsms_kept")
    deputy = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="hsms_kept_as_deputy")
    added_on = models.DateField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("maker", "serial", name="hsm_once"),
            models.CheckConstraint(name="hsm_two_persons", condition=~Q(custodian=F("deputy"))),
            models.CheckConstraint(
                name="hsm_conformity",
                condition=Q(conformity="", conformity_on=None) | ~Q(conformity="") & ~Q(conformity_on=None),
            ),
        ]
        triggers = [
            noted(),
            kept(
                "a device", "organization_id", "maker", "model", "serial", "simulator", more=moves(HSM_MOVES)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.maker} {self.model} {self.serial}"


class HsmCertificate(Record):
    """A certificate of a device. ``expires``: the last day it is valid. ``kind``: model certificate
    (商用密码产品型号证书) or product certification (商用密码产品认证证书)."""

    KINDS = [("model", _("Model certificate")), ("product", _("Product certification"))]

    hsm = models.ForeignKey(Hsm, on_delete=models.PROTECT, related_name="certificates")
    number = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=KINDS)
    issued = models.DateField()
    expires = models.DateField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("hsm", "number", name="hsm_certificate_once"),
            models.CheckConstraint(name="hsm_certificate_dates", condition=Q(expires__gte=F("issued"))),
        ]
        triggers = [noted(), final("a certificate")]
