"""Signing in as an invented person does it: through the services only."""

from base64 import b32decode
from datetime import timedelta

from django_otp.oath import TOTP  # type: ignore[import-untyped]

from office.country import Country
from shebaoka.office.base import clock
from shebaoka.office.organizations.models import SignIn, Staff
from shebaoka.office.organizations.services import (
    Enrolled,
    activate,
    activation_begin,
    activation_confirm,
    totp_confirm,
    totp_offer,
)

PASSWORD = "correct horse battery staple"
NUMBER = "980100-key-custodian-1"


def activated(country: Country, number: str = NUMBER, password: str = PASSWORD) -> SignIn:
    """A password by both parts of an activation code; the second factor is still to come."""
    staff = Staff.objects.get(number=number)
    code = staff.organization.code
    first = activation_begin(country.actor(code, "organizations.administrator"), staff=staff)
    second = activation_confirm(country.actor(code, "organizations.leader"), staff=staff)
    return activate(number=number, first=first.code, second=second.code, password=password)


def code_of(secret: str, later: timedelta = timedelta()) -> str:
    """What the authenticator application shows."""
    totp = TOTP(b32decode(secret))
    totp.time = (clock.now() + later).timestamp()
    return f"{totp.token():06d}"


def enrolled(country: Country, number: str = NUMBER) -> tuple[str, Enrolled]:
    """A member of staff with password and authenticator: its secret, and what enrolling gave."""
    ticket = activated(country, number)
    offer = totp_offer(ticket.pk)
    return offer.secret, totp_confirm(ticket.pk, code=code_of(offer.secret))
