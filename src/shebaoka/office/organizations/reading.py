"""Who reads personal data, and what for (R-19): noted before it is shown, found again for the holder (R-18).

A part names its purposes in ``purposes.toml``: ``["people.identity"]`` with a text in three languages."""

from datetime import datetime
from functools import cache

from django.db.models import Model

from shebaoka.office.audit.selectors import Reading, readings
from shebaoka.office.base.catalogue import Words, entries
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization

READ = "organizations.read"


@cache
def purposes() -> dict[str, Words]:
    """All purposes by full name."""
    return entries("purposes.toml", Words)


@service(READ)
def read_noted(act: Act, *, organization: Organization, subject: Model, purpose: str) -> None:
    """Notes that the actor reads what the office holds about ``subject`` for ``purpose``; the caller shows it
    in the same transaction or after it. Raises Refusal for an unknown purpose and outside of the area."""
    if purpose not in purposes():
        raise Refusal("organizations.no-purpose")
    act.on(organization)
    act.about(subject, purpose=purpose)


def readers_of(subject: Model, since: datetime | None = None) -> list[Reading]:
    """Who read about ``subject``, the last first."""
    return readings(READ, f"{subject._meta.label_lower}:{subject.pk}", since)
