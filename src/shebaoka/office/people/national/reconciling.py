"""The daily comparison with the national base (D-08): each difference is explained, mended, or shown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from shebaoka.office.base import clock
from shebaoka.office.organizations.actor import system
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization
from shebaoka.office.people.models import Change, Difference, Person
from shebaoka.office.people.national.base import Entry, NationalBase
from shebaoka.office.people.national.entries import entries

PAGE = 1000


class Kind(StrEnum):
    """How registry and base differ about a person."""

    MISSING_THERE = "missing-there"
    MISSING_HERE = "missing-here"
    DIFFERS = "differs"


class Explanation(StrEnum):
    """What was found out, or done."""

    WAITS = "waits"  # a change of hers has not been sent yet
    SENT_AGAIN = "sent-again"  # what the registry says was put into the outbox again
    GONE = "gone"  # it does not differ any more
    SETTLED = "settled"  # somebody looked into it; shown again only when it differs otherwise


@dataclass(frozen=True, slots=True)
class Found:
    """A difference about a number. ``person``: the entry here; ``fields``: in which they differ."""

    kind: Kind
    number: str
    person: Person | None
    fields: tuple[str, ...] = ()


def reconcile(organization: Organization, base: NationalBase) -> dict[str, int]:
    """Compares a region and notes what was found; how many differences of each kind. Nothing is locked while
    the base is asked. Raises BaseUnreachableError."""
    found = compare(organization, base)
    return differences_note(system(organization), organization=organization, found=found)


def compare(organization: Organization, base: NationalBase) -> list[Found]:
    """Differences about a region, in the order of the numbers."""
    found: list[Found] = []
    here, there = _here(organization), _there(organization.region, base)
    one, other = next(here, None), next(there, None)
    while one is not None or other is not None:
        if other is None or (one is not None and one[1].number < other.number):
            assert one is not None  # the loop's condition  # noqa: S101
            found.append(Found(Kind.MISSING_THERE, one[1].number, one[0]))
            one = next(here, None)
        elif one is None or other.number < one[1].number:
            found.append(Found(Kind.MISSING_HERE, other.number, None))
            other = next(there, None)
        else:
            fields = tuple(
                name for name in Entry.__struct_fields__ if getattr(one[1], name) != getattr(other, name)
            )
            if fields:
                found.append(Found(Kind.DIFFERS, other.number, one[0], fields))
            one, other = next(here, None), next(there, None)
    return found


@service("people.national.compare")
def differences_note(act: Act, *, organization: Organization, found: Sequence[Found]) -> dict[str, int]:
    """Explains, mends or shows what was found: what a person here differs in is put into the outbox again
    unless a change of hers waits there; a person only the base has is shown to people, for the registry takes
    nobody over unseen. Differences that are gone are closed."""
    act.on(organization)
    open_ = Difference.objects.filter(region=organization.region, resolved_at=None)
    now = {(each.number, each.kind.value) for each in found}
    before = {(each.number, each.kind): each for each in open_}
    gone = [each.pk for key, each in before.items() if key not in now]
    open_.filter(pk__in=gone).update(resolved_at=act.time, explanation=Explanation.GONE.value)
    looked = Difference.objects.filter(
        region=organization.region,
        explanation=Explanation.SETTLED.value,
        number__in=[each.number for each in found],
    )
    settled = {(each.number, each.kind, ",".join(each.fields)) for each in looked}
    waiting = set(
        Change.objects.filter(sent_at=None, region=organization.region).values_list("person", flat=True)
    )
    for each in found:
        explanation = ""
        if each.person is not None:
            explanation = Explanation.WAITS if each.person.pk in waiting else Explanation.SENT_AGAIN
            if explanation == Explanation.SENT_AGAIN:
                _send_again(act, each.person)
        fields = ",".join(each.fields)
        known = (each.number, each.kind.value) in before or (each.number, each.kind.value, fields) in settled
        if not known:
            Difference.objects.create(
                person=each.person,
                number=each.number,
                region=organization.region,
                kind=each.kind.value,
                fields=list(each.fields),
                found_on=clock.today(),
                explanation=explanation,
            )
    counts = {kind.value.replace("-", "_"): sum(each.kind is kind for each in found) for kind in Kind}
    act.about(organization, **counts)
    return counts


def _send_again(act: Act, person: Person) -> None:
    Change.objects.create(person=person, region=person.region, act=act.name, at=act.time, next_at=act.time)


def _here(organization: Organization) -> Iterator[tuple[Person, Entry]]:
    # by the bytes of the number, as the base orders them
    after = ""
    while True:
        people = Person.objects.select_related("merged_into").filter(
            region=organization.region, number__gt=after
        )
        part = list(people.order_by("number")[:PAGE])
        yield from zip(part, entries(part), strict=True)
        if len(part) < PAGE:
            return
        after = part[-1].number


def _there(region: str, base: NationalBase) -> Iterator[Entry]:
    after = ""
    while part := base.listed(region, after, PAGE):
        yield from part
        after = part[-1].number
