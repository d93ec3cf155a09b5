"""Messages to a holder: what happened that concerns her, kept, read or not."""

from django.db import models

from shebaoka.office.base.records import Record, noted
from shebaoka.office.base.triggers import kept, once
from shebaoka.office.people.models import Person


class Message(Record):
    """``kind``: of the catalog ``messages.toml``, which has its words in three languages; ``values``: what
    its words name (a day, a card's last digits), never a secret."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=40)
    values = models.JSONField(default=dict)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        indexes = [
            models.Index(fields=["person", "-at"], name="message_person_ix"),
            models.Index(fields=["person"], name="message_unread_ix", condition=models.Q(read_at=None)),
        ]
        triggers = [noted(), kept("a message", "person_id", "kind", "values", "at", more=once("read_at"))]
