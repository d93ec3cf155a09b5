"""Which body issues the cards of a place: the city or province an organization belongs to (M47 art. 5)."""

from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.choices import Kind
from shebaoka.office.organizations.models import Organization

_ISSUERS = (Kind.CITY, Kind.PROVINCE)


def issuer_of(place: Organization) -> Organization:
    """The nearest city or province at or above ``place``. Raises Refusal ``cards.no-issuer``."""
    if place.kind in _ISSUERS:
        return place
    codes = place.path.rstrip("/").split("/")
    above = Organization.objects.filter(code__in=codes, kind__in=_ISSUERS).order_by("-path").first()
    if above is None:
        raise Refusal("cards.no-issuer", name=place.name)
    return above
