"""How keepers of PSAMs are reached and known (R-31)."""

from django.db import models
from django.db.models import Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.base.triggers import kept
from shebaoka.office.organizations.models import Staff


class KeeperContact(Record):
    """A keeper's telephone and the number of her identity document, as she gave them herself."""

    staff = models.OneToOneField(Staff, on_delete=models.PROTECT, related_name="keeper_contact")
    phone = models.CharField(max_length=30)
    document = models.CharField(max_length=30)
    given_at = models.DateTimeField()

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(name="psam_keeper_reached", condition=~Q(phone="") & ~Q(document="")),
        ]
        triggers = [noted(), kept("the contact of a keeper", "staff_id")]

    @property
    def masked(self) -> str:
        """The number with its middle hidden."""
        shown = 4 if len(self.document) > 8 else 1
        return f"{self.document[:shown]}{'*' * (len(self.document) - 2 * shown)}{self.document[-shown:]}"
