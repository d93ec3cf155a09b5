"""What the writers of people share."""

from uuid import UUID

from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act
from shebaoka.office.people.models import Person


def person_locked(act: Act, pk: UUID) -> Person:
    """A living entry of the actor's area, locked; the act is one of its agency. Raises Refusal."""
    found = (
        Person.objects.select_for_update(of=("self",), no_key=True)
        .select_related("agency")
        .filter(pk=pk)
        .first()
    )
    if found is None or not act.actor.organization.contains(found.agency):
        raise Refusal("base.not-found", what="person")
    if found.merged_into_id is not None:
        raise Refusal("people.merged")
    act.on(found.agency)
    return found


def words(text: str, most: int, *, code: str = "people.too-long") -> str:
    """A text of at most ``most`` characters without line breaks and spaces at its ends. Raises Refusal."""
    tidy = text.strip()
    if len(tidy) > most or not tidy.isprintable():
        raise Refusal(code, most=most)
    return tidy


def reason(text: str) -> str:
    """Why, in words. Raises Refusal ``people.say-why``."""
    tidy = " ".join(text.split())[:400]
    if not tidy:
        raise Refusal("people.say-why")
    return tidy
