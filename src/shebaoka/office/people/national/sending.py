"""The outbox (D-08): what changed is told to the base at once, and again until it took it."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from django.db.models import F, QuerySet

from shebaoka.office.base import clock
from shebaoka.office.organizations.actor import system
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization
from shebaoka.office.people.models import Change, Person
from shebaoka.office.people.national.base import BaseUnreachableError, NationalBase
from shebaoka.office.people.national.entries import entries

AT_ONCE = 500
_FIRST, _LONGEST = timedelta(minutes=1), timedelta(hours=1)


def due() -> QuerySet[Change]:
    """What is to be told now, in the order it happened."""
    return Change.objects.filter(sent_at=None, next_at__lte=clock.now()).order_by("id")


def send(base: NationalBase, *, most: int = 10_000) -> int:
    """Tells the base what is due; how many changes it took. Nothing is locked while it is asked: told twice
    is told once."""
    taken = 0
    for change in due()[:most]:
        try:
            told = list(_tell(base, change))
        except BaseUnreachableError as error:
            _noted(change, [], str(error)[:60])
            return taken  # the base does not answer: the others are due again soon
        taken += _noted(change, told, "")
    return taken


def _tell(base: NationalBase, change: Change) -> Iterator[tuple[Person, str]]:
    people = Person.objects.select_related("merged_into").order_by("pk")
    if change.load is not None:
        people = people.filter(agency=change.load.agency, enrolled_at=change.load.at)
    else:
        people = people.filter(pk__in=[change.person_id] if change.person_id else [])
    stream = people.iterator(chunk_size=AT_ONCE)
    while part := list(islice(stream, AT_ONCE)):
        yield from zip(part, base.put(entries(part)), strict=True)


def _noted(change: Change, told: list[tuple[Person, str]], error: str) -> int:
    of = change.load.agency if change.load is not None else None
    if of is None:
        assert change.person is not None  # a change is of a person or a load  # noqa: S101
        of = change.person.agency
    return change_note(system(of), agency=of, change=change, told=told, error=error)


@service("people.national.send")
def change_note(
    act: Act, *, agency: Organization, change: Change, told: list[tuple[Person, str]], error: str
) -> int:
    """What the base said to a change. 1 when it took it."""
    act.on(agency)
    if error:
        wait = min(_FIRST * 2 ** min(change.tries, 10), _LONGEST)
        Change.objects.filter(pk=change.pk).update(tries=F("tries") + 1, next_at=act.time + wait, error=error)
    else:
        Change.objects.filter(pk=change.pk).update(sent_at=act.time, error="")
        fresh = [(person, id_) for person, id_ in told if person.national_id != id_]
        for person, id_ in fresh:
            person.national_id = id_
        Person.objects.bulk_update([person for person, _ in fresh], ["national_id"], batch_size=500)
    act.about(agency, change=change.pk, told=len(told), error=error)
    return 0 if error else 1
