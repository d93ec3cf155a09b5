"""What is done about people without anybody asking: the national base is told, and compared with daily."""

from contextlib import suppress

from shebaoka.office.base.jobs import job
from shebaoka.office.organizations.choices import Kind
from shebaoka.office.organizations.models import Organization
from shebaoka.office.people.models import Person
from shebaoka.office.people.national.base import BaseUnreachableError, NoBase
from shebaoka.office.people.national.client import base
from shebaoka.office.people.national.reconciling import reconcile
from shebaoka.office.people.national.sending import send


@job("people.national.send", cron="*/5 * * * *")
def national_send() -> None:
    """What waits for the base; the same job is asked for by every change."""
    if not isinstance(base(), NoBase):
        send(base())


@job("people.national.compare", cron="30 18 * * *")
def national_compare() -> None:
    """Every region with people, at half past two in China. One the base does not answer for waits a day."""
    if isinstance(base(), NoBase):
        return
    for organization in Organization.objects.filter(kind=Kind.CITY, closed_on=None).order_by("code"):
        if Person.objects.filter(region=organization.region).exists():
            with suppress(BaseUnreachableError):
                reconcile(organization, base())
