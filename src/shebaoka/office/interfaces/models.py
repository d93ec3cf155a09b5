"""Tokens of programs, how much each has asked, and the answers that were given once."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.base.triggers import kept, once
from shebaoka.office.organizations.models import Organization, Staff


class Token(Record):
    """What a program of an organization signs its questions with, registered by two persons. ``token``:
    SHA-256 of it, 64 hex digits, empty before it was made and once it was withdrawn; ``until``: the last
    day it counts; ``per_minute``: questions; ``employer``: code of the only employer it speaks for."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    scopes = ArrayField(models.CharField(max_length=30))
    employer = models.CharField(max_length=18, blank=True, default="")
    per_minute = models.PositiveIntegerField()
    until = models.DateField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    checked_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=64, blank=True, default="")
    token_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("organization", "name", name="interface_token_name"),
            models.UniqueConstraint("token", condition=~Q(token=""), name="interface_token_once"),
            models.CheckConstraint(
                name="interface_token_two_persons",
                condition=Q(checked_by=None) | ~Q(checked_by=F("added_by")),
            ),
            models.CheckConstraint(
                name="interface_token_withdrawn", condition=Q(withdrawn_at=None) | Q(token="")
            ),
            models.CheckConstraint(name="interface_token_scopes", condition=~Q(scopes=[])),
            models.CheckConstraint(name="interface_token_allowance", condition=Q(per_minute__gt=0)),
        ]
        triggers = [
            noted(),
            kept(
                "a token",
                "organization_id",
                "name",
                "scopes",
                "employer",
                "per_minute",
                "until",
                "added_at",
                "added_by_id",
                "checked_by_id",
                more=once("withdrawn_at"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<token {self.pk}>"


class Allowance(models.Model):
    """How often a token has asked within the minute ``minute``, and when last. A count, written outside of
    every act, shared by all processes."""

    token = models.OneToOneField(Token, on_delete=models.CASCADE, primary_key=True, related_name="allowance")
    minute = models.DateTimeField()
    used = models.PositiveIntegerField()
    last_at = models.DateTimeField()


class Answered(Record):
    """What a question with an idempotency key was answered. ``digest``: SHA-256 of the question."""

    token = models.ForeignKey(Token, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    content = models.TextField()
    at = models.DateTimeField(db_index=True)

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint("token", "key", name="interface_answered_once")]


class Series(Record):
    """The last terminal transaction number (终端交易序号) that a body's keys signed a purchase with."""

    organization = models.OneToOneField(Organization, on_delete=models.PROTECT, related_name="+")
    last = models.PositiveBigIntegerField(default=0)

    class Meta(Record.Meta):
        triggers = [
            noted(),
            kept(
                "a series",
                "organization_id",
                more="""
                IF NEW.last <= OLD.last THEN
                    RAISE EXCEPTION 'a number of a series is never given again';
                END IF;
                """,
            ),
        ]
