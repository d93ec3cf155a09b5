"""The electronic card of a person whose card was read before."""

from django.db.models import QuerySet

from shebaoka.office.cards.models import ElectronicCard, TokenUse
from shebaoka.office.people.models import Person


def electronic_of(person: Person) -> ElectronicCard | None:
    """The one she has now."""
    return ElectronicCard.objects.filter(person=person, closed_at=None).first()


def token_uses(of: ElectronicCard) -> QuerySet[TokenUse]:
    """Where its codes were taken, the last first."""
    return of.uses.select_related("by").order_by("-at")
