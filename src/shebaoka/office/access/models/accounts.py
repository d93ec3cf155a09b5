"""Accounts of holders, and the act by which a region sets the initial passwords (Q-1 to Q-3)."""

from django.db import models
from django.db.models import Q

from shebaoka.office.access.choices import State
from shebaoka.office.base.records import Record
from shebaoka.office.organizations.models import Organization
from shebaoka.office.people.models import Person


class Uniform(Record):
    """A region sets the initial passwords uniformly: by ``rule``, from ``since``, to be changed by ``due``
    (None: after the region's days). ``covered`` and ``unserved``: insured persons when it was done, with and
    without an initial value. People enrolled later are covered from enrolment."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="uniform")
    rule = models.CharField(max_length=16)
    since = models.DateField()
    due = models.DateField(null=True)
    covered = models.PositiveIntegerField()
    unserved = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("organization", "since", name="uniform_once_a_day"),
            models.CheckConstraint(
                name="uniform_due_after", condition=Q(due=None) | Q(due__gt=models.F("since"))
            ),
        ]


class Account(Record):
    """How a person signs in. There is none while she never did: then the rule of her region says.

    ``hash``: argon2 of what she chose, empty in state INITIAL; ``off``: her digits are switched off until a
    strong proof; ``reset_at``: an agency took her back to the initial value; ``masked_until``: details stay
    masked so long unless card and PIN or the counter opened the session; ``language``: she chose for pages
    and messages, empty for none."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account")
    region = models.CharField(max_length=6, db_index=True)
    state = models.CharField(max_length=8, choices=State, default=State.INITIAL)
    hash = models.CharField(max_length=128, blank=True, default="")
    passphrase = models.BooleanField(default=False)
    changed_at = models.DateTimeField(null=True)
    off = models.BooleanField(default=False)
    reset_at = models.DateTimeField(null=True)
    masked_until = models.DateTimeField(null=True)
    language = models.CharField(max_length=8, blank=True, default="")

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                name="account_hash",
                condition=Q(state=State.INITIAL, hash="") | (Q(state=State.CHANGED) & ~Q(hash="")),
            ),
            models.CheckConstraint(name="account_state", condition=Q(state__in=State.values)),
        ]

    def __repr__(self) -> str:
        return f"<account {self.pk} {self.state}>"


class EarlierPassword(Record):
    """Hash of a password she had before, so that it does not return at once."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="earlier")
    hash = models.CharField(max_length=128)
    until = models.DateTimeField()
