"""The electronic card: bound to one physical card, with a password, a counter and tokens of its own.

Nothing here is shared with the card PIN, the enquiry password or the bank's: no table, counter or reset."""

from django.db import models
from django.db.models import Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.base.triggers import final, kept, once
from shebaoka.office.cards.models.cards import Card
from shebaoka.office.organizations.models import Organization
from shebaoka.office.people.models import Person


class ElectronicCard(Record):
    """``reference``: what tokens name, 32 hex digits; ``password``: argon2; ``wait_until``: after too many
    wrong ones; ``level``: 1 credential, 2 linked to an active bank account."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="electronic_cards")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="electronic_cards")
    reference = models.CharField(max_length=32, unique=True)
    password = models.CharField(max_length=200)
    failures = models.PositiveSmallIntegerField(default=0)
    wait_until = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("person", condition=Q(closed_at=None), name="card_electronic_one"),
            models.CheckConstraint(
                name="card_electronic_password",
                condition=Q(password__regex=r"^argon2\$"),  # noqa: S106 - what a hash begins with
            ),
        ]
        triggers = [
            noted(),
            kept("an electronic card", "person_id", "reference", "opened_at", more=once("closed_at")),
        ]

    def __repr__(self) -> str:
        return f"<electronic card {self.pk}>"


class TokenUse(Record):
    """A token that was taken: once everywhere. ``serial`` of the token; ``by``: whose terminal."""

    electronic = models.ForeignKey(ElectronicCard, on_delete=models.PROTECT, related_name="uses")
    serial = models.CharField(max_length=32, unique=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")

    class Meta(Record.Meta):
        triggers = [noted(), final("a use of a token")]
