"""What cards are made of: a product as the region's approval has it (R-10)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shebaoka.office.base.records import Record, noted
from shebaoka.office.base.triggers import kept
from shebaoka.office.organizations.models import Organization


class Product(Record):
    """A product of an issuing body. ``order``: the fields that approval compares (face, layout, structure,
    chip, cos, supplier, product); ``making``: how personalization makes it
    (:class:`shebaoka.personalization.product.CardProduct`); ``photo``: whether it shows one."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="card_products")
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=80)
    order = models.JSONField()
    making = models.JSONField()
    photo = models.BooleanField(default=True)
    closed_on = models.DateField(_("closed on"), null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("organization", "code", name="card_product_once"),
            models.CheckConstraint(name="card_product_code", condition=Q(code__regex=r"^[0-9A-Z.-]{1,20}$")),
        ]
        triggers = [noted(), kept("a product", "organization_id", "code", "order", "making", "photo")]

    def __str__(self) -> str:
        return self.name
