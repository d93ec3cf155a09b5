"""Key ceremonies (密钥仪式): approved by the leader, held, and proved by their transcript."""

from django.db import models
from django.db.models import Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.custody.choices import CeremonyStatus
from shebaoka.office.custody.models.triggers import kept, moves, once
from shebaoka.office.organizations.models import Organization, Staff

_MOVES = {
    "approved": ["sitting", "held", "aborted"],
    "sitting": ["held", "aborted"],
    "held": [],
    "aborted": [],
}


class Ceremony(Record):
    """A ceremony. ``script``: the TOML as approved, ``digest`` its SHA-256; ``head``: the head hash of the
    transcript, which is also on the signed paper; ``transcript`` and ``paper``: SHA-256 of its file and of
    the sheets to be signed.

    Held at the desk: ``vault`` of the settings, ``room`` where it is held, ``file`` of its transcript while
    it is going on, ``opened_by`` the operator."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="ceremonies")
    number = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    script = models.TextField()
    digest = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=CeremonyStatus, default=CeremonyStatus.APPROVED)
    ended_at = models.DateTimeField(null=True)
    transcript = models.CharField(max_length=64, blank=True)
    head = models.CharField(max_length=64, blank=True)
    paper = models.CharField(max_length=64, blank=True, default="")
    keys = models.PositiveIntegerField(default=0)
    vault = models.CharField(max_length=100, blank=True, default="")
    room = models.CharField(max_length=300, blank=True, default="")
    file = models.CharField(max_length=60, blank=True, default="")
    opened_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                name="ceremony_proved",
                condition=~Q(status__in=["held", "aborted"]) | ~Q(head="") & ~Q(transcript=""),
            ),
            models.CheckConstraint(
                name="ceremony_at_the_desk",
                condition=~Q(status="sitting") | ~Q(room="") & ~Q(vault="") & Q(opened_by__isnull=False),
            ),
            models.UniqueConstraint(
                "organization", condition=Q(status="sitting"), name="ceremony_one_at_a_time"
            ),
        ]
        triggers = [
            noted(),
            kept(
                "a ceremony",
                *("organization_id", "number", "script", "digest", "approved_by_id", "approved_at"),
                more=moves(_MOVES)
                + once("head", "transcript", "paper", "ended_at", "vault", "room", "file", "opened_at"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"
