"""Who reads personal data, what for and which of it (R-19, PW-08): noted before it is shown, found again for
the holder (R-18).

A part names its purposes in ``purposes.toml``: ``["people.identity"]`` with a text in three languages, and
what can be read in ``fields.toml``: ``["people.phone"]`` alike."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from django.db.models import Model, QuerySet

from shebaoka.office.audit.models import Row
from shebaoka.office.audit.selectors import Reading, reading_of, reading_rows
from shebaoka.office.base.catalogue import Words, entries
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act, record, service
from shebaoka.office.organizations.models import Organization

READ = "organizations.read"


@cache
def purposes() -> dict[str, Words]:
    """All purposes by full name."""
    return entries("purposes.toml", Words)


@cache
def fields() -> dict[str, Words]:
    """All that can be read of somebody, by full name: fields, and subjects of the register."""
    subjects = entries("subjects.toml", dict[str, Any])
    return entries("fields.toml", Words) | {
        name: msgspec.convert(entry["name"], Words) for name, entry in subjects.items()
    }


@service(READ)
def read_noted(
    act: Act, *, organization: Organization, subject: Model, purpose: str, fields: Sequence[str]
) -> None:
    """Notes that the actor reads these ``fields`` of what the office holds about ``subject`` for ``purpose``;
    the caller shows them in the same transaction or after it. Raises Refusal for an unknown purpose and
    outside of the area, KeyError for an unknown field."""
    if purpose not in purposes():
        raise Refusal("organizations.no-purpose")
    act.on(organization)
    _about(act, subject, purpose, fields)


def reading_noted(act: Act, subject: Model, purpose: str, fields: Sequence[str]) -> None:
    """The row of a reading within another act, in the chain of the reader's organization."""
    noted = Act(READ, act.actor, act.time, act.organization)
    _about(noted, subject, purpose, fields)
    record(noted)


def readers_of(subject: Model, since: datetime | None = None) -> list[Reading]:
    """Who read about ``subject``, the last first."""
    return [reading_of(row) for row in readings_about([subject], since)]


def readings_about(subjects: Iterable[Model], since: datetime | None = None) -> QuerySet[Row]:
    """Rows of readings of any of ``subjects``, the last first; each is read by ``reading_of``."""
    return reading_rows(READ, [_key(each) for each in subjects], since)


def _about(act: Act, subject: Model, purpose: str, names: Sequence[str]) -> None:
    for name in names:
        fields()[name]
    act.about(subject, purpose=purpose, fields=list(names), roles=sorted(act.actor.roles))


def _key(subject: Model) -> str:
    return f"{subject._meta.label_lower}:{subject.pk}"
