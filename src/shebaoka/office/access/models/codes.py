"""Codes of one use that prove who signs in; only keyed digests are kept."""

from django.db import models

from shebaoka.office.base.records import Record
from shebaoka.office.organizations.models import Staff
from shebaoka.office.people.models import Person


class ActivationCode(Record):
    """From the counter, after an identity verification: short-lived, printed sealed or sent. Whoever made it
    never sees it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="activation_codes")
    digest = models.CharField(max_length=64)
    made_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                "person",
                condition=models.Q(used_at=None, withdrawn_at=None),
                name="activation_code_one_open",
            )
        ]


class LetterCode(Record):
    """Printed on the letter that is handed out with a card; it serves for the first sign-in."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="letter_codes")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                "person", condition=models.Q(used_at=None, withdrawn_at=None), name="letter_code_one_open"
            )
        ]
