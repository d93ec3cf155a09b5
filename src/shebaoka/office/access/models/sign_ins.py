"""Signing in while it goes on, and the counts that make guessing slow."""

from django.db import models

from shebaoka.office.access.choices import Proof, Tallied
from shebaoka.office.base.records import Record
from shebaoka.office.people.models import Person


class SignInBegun(Record):
    """A well-formed number came with its own initial value: a second proof is awaited until ``ends_at``.

    ``person`` is None when the number is nobody's, or her password is another by now: nothing proves it
    then, and nobody sees the difference. ``code``: keyed digest of a code sent by telephone; ``proven_by``:
    the right proof, after which a new password is awaited; ``strong_only``: card and PIN or the counter alone
    can finish it, as her time to change ran out or she said that she cannot sign in."""

    number_digest = models.CharField(max_length=64)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    address = models.GenericIPAddressField(null=True)
    strong_only = models.BooleanField(default=False)
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    code = models.CharField(max_length=64, blank=True, default="")
    code_ends_at = models.DateTimeField(null=True)
    challenge = models.BinaryField(default=b"")
    proven_by = models.CharField(max_length=8, choices=Proof, blank=True, default="")
    finished_at = models.DateTimeField(null=True)


class Tally(Record):
    """Failures of one thing that is guessed: ``key`` is a keyed digest, never the thing itself."""

    kind = models.CharField(max_length=8, choices=Tallied)
    key = models.CharField(max_length=64, unique=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    waits_until = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["kind", "last_at"], name="tally_kind_ix")]
