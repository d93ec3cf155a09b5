"""The readers of the chains. Who may see which chain is told by the caller, who knows the organizations."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from shebaoka.journal.record import read_record
from shebaoka.office.audit.models import Bypass, Checkpoint, Row


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of personal data: when, by whom (staff number), whose staff she is, and what for."""

    at: datetime
    reader: str
    organization: str
    purpose: str


def rows(chains: Iterable[str], *, subject: str = "", actor: str = "", act: str = "") -> QuerySet[Row]:
    """Rows of these chains, the last first; of a subject, an actor, or an act and what belongs to it."""
    found = Row.objects.filter(chain__in=list(chains)).order_by("-at", "-sequence")
    if subject:
        found = found.filter(subject=subject)
    if actor:
        found = found.filter(actor=actor)
    return found.filter(act__startswith=act) if act else found


def readings(act: str, subject: str, since: datetime | None = None) -> list[Reading]:
    """The readings of a subject, in whatever chain they stand, the last first."""
    found = Row.objects.filter(subject=subject, act=act).order_by("-at")
    if since is not None:
        found = found.filter(at__gte=since)
    made = []
    for row in found:
        data = read_record(row.line.encode()).data
        made.append(Reading(row.at, row.actor, str(data.get("by", "")), str(data.get("purpose", ""))))
    return made


def last_checkpoint() -> Checkpoint | None:
    """The checkpoint whose hash is to be written down."""
    return Checkpoint.objects.order_by("-number").first()


def bypasses() -> QuerySet[Bypass]:
    """Writes past the services, the last first."""
    return Bypass.objects.order_by("-pk")
