"""Signing in while it goes on: which step, how many attempts, who has to wait."""

from django.db import models

from shebaoka.office.base.records import Record
from shebaoka.office.organizations.choices import Factor
from shebaoka.office.organizations.models.staff import Staff


class SignIn(Record):
    """A password was right; the second factor is awaited until ``ends_at``, in ``attempts`` so far."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="sign_ins")
    address = models.GenericIPAddressField(null=True)
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    factor = models.CharField(max_length=10, choices=Factor, blank=True, default="")

    @property
    def enrolled(self) -> bool:
        """Whether she has a second factor to be asked for; without one she is to set one up now."""
        return (
            self.staff.totps.filter(closed_at=None, confirmed_at__isnull=False).exists()
            or self.staff.passkeys.filter(closed_at=None).exists()
        )


class Challenge(Record):
    """What a passkey has to sign, once."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="challenges")
    value = models.BinaryField()
    registers = models.BooleanField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Throttle(Record):
    """Failures in a row of one thing that is guessed: ``key`` is a keyed digest, never the thing itself."""

    key = models.CharField(max_length=64, unique=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    blocked_until = models.DateTimeField(null=True)
