"""What becomes known of a person: an entry takes the place of the one before, which stays."""

from datetime import date
from uuid import UUID

import msgspec

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.people.choices import Source
from shebaoka.office.people.models import Fact
from shebaoka.office.people.services.common import person_locked, words
from shebaoka.office.people.services.noting import changed
from shebaoka.office.people.subjects import checked, subjects


class NewFact(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a subject. ``place``: which of several, from 1; ``values``: field -> text."""

    subject: str
    values: dict[str, str]
    place: int = 1
    source: Source = Source.DOCUMENT
    body: str = ""
    since: date | None = None


@service("people.fact.note")
def fact_note(act: Act, *, person: UUID, new: NewFact) -> Fact:
    """Notes it. Raises Refusal ``people.fact-unfit`` naming the field, ``people.dates``."""
    found = person_locked(act, person)
    since = new.since or clock.today()
    if since > clock.today():
        raise Refusal("people.dates")
    values = checked(new.subject, new.place, new.values)
    found.facts.filter(subject=new.subject, place=new.place, ended_at=None).update(ended_at=act.time)
    made = Fact.objects.create(
        person=found,
        subject=new.subject,
        place=new.place,
        values=values,
        source=new.source,
        body=words(new.body, 120),
        since=since,
        noted_at=act.time,
        by=act.actor.staff,
    )
    entry = subjects()[new.subject]
    changed(act, found, [entry.place(field, new.place) for field in values])
    act.about(found, of=new.subject, place=new.place, source=new.source)
    return made
