"""Proof that a holder was told of her responsibility (Q-5, PW-07)."""

from django.db import models

from shebaoka.office.access.choices import Medium, Occasion
from shebaoka.office.base.records import Record
from shebaoka.office.people.models import Person


class Notice(Record):
    """A person was told, in the words of ``version``; ``accepted``: she said that she read it; ``proof``: of
    delivery, as the sender or the signed sheet gives it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notices")
    version = models.CharField(max_length=16)
    occasion = models.CharField(max_length=10, choices=Occasion)
    medium = models.CharField(max_length=8, choices=Medium)
    accepted = models.BooleanField(default=False)
    proof = models.CharField(max_length=120, blank=True, default="")
    at = models.DateTimeField()

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["person", "at"], name="notice_person_ix")]
