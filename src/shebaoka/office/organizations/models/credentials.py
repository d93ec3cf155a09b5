"""What a member of staff proves herself with. Secrets are sealed or only their digests kept (``sealing``)."""

from django.db import models
from django.db.models import F, Q

from shebaoka.office.base.records import Record
from shebaoka.office.organizations.models.staff import Staff


class Activation(Record):
    """The right to choose a password, once. Its code has two parts that two persons hand out, so that none
    of them can sign in as the third."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="activations")
    first_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    first_digest = models.CharField(max_length=64)
    second_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    second_digest = models.CharField(max_length=64, blank=True, default="")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                name="activation_two_persons",
                condition=Q(second_by=None) | Q(first_by=None) | ~Q(second_by=F("first_by")),
            ),
            models.CheckConstraint(
                name="activation_not_by_herself",
                condition=(Q(first_by=None) | ~Q(first_by=F("staff")))
                & (Q(second_by=None) | ~Q(second_by=F("staff"))),
            ),
            models.CheckConstraint(
                name="activation_used_with_both_parts", condition=Q(used_at=None) | ~Q(second_digest="")
            ),
            models.UniqueConstraint(
                "staff", condition=Q(used_at=None, withdrawn_at=None), name="activation_one_open"
            ),
        ]


class Totp(Record):
    """An authenticator application (RFC 6238): its secret, sealed. ``last_step``: the time step of the last
    code it was used with, so that none is used twice."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="totps")
    sealed = models.BinaryField()
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                "staff",
                condition=Q(closed_at=None, confirmed_at__isnull=False),
                name="totp_one_in_use",
            ),
            models.UniqueConstraint(
                "staff", condition=Q(closed_at=None, confirmed_at=None), name="totp_one_offered"
            ),
        ]


class Passkey(Record):
    """A passkey (WebAuthn): public, nothing to seal."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="passkeys")
    label = models.CharField(max_length=60)
    credential = models.BinaryField(unique=True)
    public_key = models.BinaryField()
    count = models.BigIntegerField(default=0)
    added_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)


class RecoveryCode(Record):
    """A code of one use for when the second factor is lost."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="recovery_codes")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
