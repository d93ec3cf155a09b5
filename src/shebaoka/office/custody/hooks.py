"""What custody asks of other parts, and what it tells them: functions that parts add when the office starts
(``AppConfig.ready``)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, TypeAlias

from django.db.models import Model

from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.models import Organization

IncidentKind: TypeAlias = Literal[
    "carrier-lost", "carrier-opened", "stock-difference", "overdue-return", "hsm-lost"
]


@dataclass(frozen=True, slots=True)
class Report:
    """Something that must be treated as an incident (M47 art. 26). ``potential``: it may turn out harmless;
    ``serials``: carriers or device it is about. Nothing in it is secret or personal."""

    actor: Actor
    organization: Organization
    kind: IncidentKind
    found_at: datetime
    what: str
    subject: Model
    potential: bool = False
    serials: tuple[str, ...] = field(default=())


MISSING_RULES: list[Callable[[Organization, date], Sequence[str]]] = []
"""Names of the documents and acknowledgments without which a body may not receive carriers (M47 art. 24)."""

INCIDENTS: list[Callable[[Report], str]] = []
"""Opens an incident in the present transaction and gives its number."""

APPROVED: list[Callable[[Organization], bool]] = []
"""Whether a body may apply for keys at all (P20 art. 2)."""

KEYS_RECEIVED: list[Callable[[Actor, Organization, str], None]] = []
"""A body has received its mother cards with this memorandum (P20: keys received)."""


def missing_rules(body: Organization, day: date) -> list[str]:
    """All that is missing, of all parts that were asked."""
    return [name for ask in MISSING_RULES for name in ask(body, day)]


def open_incident(report: Report) -> str:
    """The number of the incident, empty while no part keeps incidents."""
    return next((tell(report) for tell in INCIDENTS), "")


def keys_received(actor: Actor, body: Organization, memorandum: str) -> None:
    """Tells every part that wants to know."""
    for tell in KEYS_RECEIVED:
        tell(actor, body, memorandum)
