"""Files that prove what was corrected (M47 art. 15, domain practice on face data)."""

from django.db import models
from django.db.models import Q

from shebaoka.office.approval.models.moves import final
from shebaoka.office.base.records import Record, noted
from shebaoka.office.people.models.persons import Person


class Evidence(Record):
    """A file about a person, kept under its SHA-256 (``base.files``)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="evidence")
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("person", "sha256", name="people_evidence_once"),
            models.CheckConstraint(name="people_evidence_hash", condition=Q(sha256__regex="^[0-9a-f]{64}$")),
        ]
        triggers = [noted(), final("evidence")]


class OldNumber(Record):
    """A number that was a person's before: one of 15 digits, a corrected one, one of a merged entry."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="old_numbers")
    number = models.CharField(max_length=18, db_index=True)
    until = models.DateTimeField()
    why = models.CharField(max_length=20)

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint("person", "number", name="people_old_number_once")]
        triggers = [noted(), final("an old number")]
