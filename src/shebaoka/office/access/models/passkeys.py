"""Passkeys of holders (WebAuthn): public, nothing to seal."""

from django.db import models

from shebaoka.office.access.choices import PasskeyUse, Proof
from shebaoka.office.base.passkeys import LABEL
from shebaoka.office.base.records import Record, noted
from shebaoka.office.base.triggers import kept, once
from shebaoka.office.people.models import Person


class Passkey(Record):
    """``label``: her name for it; ``added_with``: the second proof of the session that added it; ``count``:
    of its device, which a copy of it does not know."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="passkeys")
    label = models.CharField(max_length=LABEL)
    credential = models.BinaryField(unique=True)
    public_key = models.BinaryField()
    count = models.BigIntegerField(default=0)
    added_with = models.CharField(max_length=8, choices=Proof)
    added_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [models.CheckConstraint(name="passkey_named", condition=~models.Q(label=""))]
        triggers = [
            noted(),
            kept("a passkey", "person_id", "credential", "public_key", "added_at", more=once("closed_at")),
        ]

    def __repr__(self) -> str:
        return f"<passkey {self.pk}>"


class PasskeyChallenge(Record):
    """What a passkey has to sign, once. ``person`` None at a sign-in: the passkey names her."""

    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    use = models.CharField(max_length=8, choices=PasskeyUse)
    value = models.BinaryField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
