"""Production sites (M47 art. 10 and 11; R-13, R-14): whom an order is encrypted for."""

from django.db import models
from django.db.models import Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.base.triggers import kept, once
from shebaoka.office.organizations.models import Organization, Staff


class Site(Record):
    """A site with one key. ``number``: two digits, as in the numbers of batches; ``until``: last day of its
    authorization; ``certificate``: X.509 as PEM, of an RSA key; ``fingerprint``: SHA-256 of it, hex. Another
    key is another row; one is open."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="card_sites")
    number = models.CharField(max_length=2)
    name = models.CharField(max_length=80)
    until = models.DateField()
    certificate = models.TextField()
    fingerprint = models.CharField(max_length=64)
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=200, blank=True, default="")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                "organization", "number", condition=Q(closed_at=None), name="card_site_one_open"
            ),
            models.CheckConstraint(name="card_site_number", condition=Q(number__regex=r"^\d{2}$")),
            models.CheckConstraint(
                name="card_site_fingerprint", condition=Q(fingerprint__regex=r"^[0-9A-F]{64}$")
            ),
        ]
        triggers = [
            noted(),
            kept(
                "a production site",
                "organization_id",
                "number",
                "name",
                "until",
                "certificate",
                "fingerprint",
                "registered_at",
                "registered_by_id",
                more=once("closed_at", "why"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"
