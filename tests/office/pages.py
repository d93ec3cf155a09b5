"""Opening pages as somebody of the invented country."""

from django.test import Client

from office.country import Country
from shebaoka.office.organizations.models import Staff


def signed_in(country: Country, code: str, role: str, nth: int = 1, language: str = "en") -> Client:
    """A client signed in as the ``nth`` member of staff of that organization with that role."""
    return of(Staff.objects.get(number=f"{code}-{role.partition('.')[2]}-{nth}"), language)


def of(staff: Staff, language: str = "en") -> Client:
    """A client signed in as ``staff``."""
    client = Client(headers={"accept-language": language})
    client.force_login(staff)
    return client
