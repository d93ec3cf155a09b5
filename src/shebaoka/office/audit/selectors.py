"""The readers of the chains. Who may see which chain is told by the caller, who knows the organizations."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from shebaoka.journal.record import read_record
from shebaoka.office.audit.models import Bypass, Chain, Checkpoint, Row, Signed


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of personal data: when, by whom (staff number), whose staff she is, what for; through which
    channel, in which roles, and which ``fields``; ``agent``: the id of who read it for the holder herself."""

    at: datetime
    reader: str
    organization: str
    purpose: str
    channel: str = ""
    roles: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    agent: str = ""


def rows(
    chains: Iterable[str],
    *,
    subject: str = "",
    actor: str = "",
    act: str = "",
    since: datetime | None = None,
    before: datetime | None = None,
    text: str = "",
) -> QuerySet[Row]:
    """Rows of these chains, the last first; of a subject, an actor, an act and what belongs to it, a time.
    ``text``: what their record holds letter by letter; ask for it within a time, it is read row by row."""
    found = Row.objects.filter(chain__in=list(chains)).order_by("-at", "-sequence", "chain")
    if subject:
        found = found.filter(subject=subject)
    if actor:
        found = found.filter(actor=actor)
    if since is not None:
        found = found.filter(at__gte=since)
    if before is not None:
        found = found.filter(at__lt=before)
    if text:
        found = found.filter(line__contains=text)
    return found.filter(Q(act=act) | Q(act__startswith=f"{act}.")) if act else found


def row(chain: str, sequence: int) -> Row | None:
    """One of a chain."""
    return Row.objects.filter(chain=chain, sequence=sequence).first()


@dataclass(frozen=True, slots=True)
class ChainState:
    """A chain: its rows, and how many of them a checkpoint signed."""

    code: str
    rows: int
    hash: str
    signed: int

    @property
    def open_rows(self) -> int:
        """Rows that nothing yet protects from being cut off."""
        return self.rows - self.signed


def chain_states(codes: Iterable[str]) -> list[ChainState]:
    """How long these chains are, and how far they are signed; those without a row are left out."""
    codes = list(codes)
    signed = dict(Signed.objects.filter(chain__in=codes).values_list("chain", "sequence"))
    return [
        ChainState(chain.code, chain.sequence, chain.hash, signed.get(chain.code, 0))
        for chain in Chain.objects.filter(code__in=codes, sequence__gt=0).order_by("code")
    ]


def reading_rows(act: str, subjects: Iterable[str], since: datetime | None = None) -> QuerySet[Row]:
    """The rows of readings of these subjects, in whatever chain they stand, the last first."""
    found = Row.objects.filter(subject__in=list(subjects), act=act).order_by("-at", "-sequence", "chain")
    return found if since is None else found.filter(at__gte=since)


def reading_of(row: Row) -> Reading:
    """What such a row says."""
    told = read_record(row.line.encode())
    data = told.data
    return Reading(
        row.at,
        row.actor,
        str(data.get("by", "")),
        str(data.get("purpose", "")),
        str(data.get("channel", "")),
        tuple(str(each) for each in data.get("roles", ())),
        tuple(str(each) for each in data.get("fields", ())),
        str(told.persons.get("agent", "")),
    )


def checkpoints() -> QuerySet[Checkpoint]:
    """All of them, the last first."""
    return Checkpoint.objects.order_by("-number")


def last_checkpoint() -> Checkpoint | None:
    """The checkpoint whose hash is to be written down."""
    return Checkpoint.objects.order_by("-number").first()


def bypasses() -> QuerySet[Bypass]:
    """Writes past the services, the last first."""
    return Bypass.objects.order_by("-pk")
