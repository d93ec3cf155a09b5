"""A search is an act: who looked for people, and how many were found (R-19)."""

from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.people import selectors
from shebaoka.office.people.models import Person


@service("people.search")
def people_search(act: Act, *, text: str) -> list[Person]:
    """Persons of the actor's area by number, by the beginning of the name or of its pinyin. The record says
    neither what was looked for nor who was found: reading one of them is noted by itself."""
    found = selectors.search(act.actor, text)
    act.about(act.organization, found=len(found))
    return found
