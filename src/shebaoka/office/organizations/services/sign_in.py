"""Signing in, first step: number and password. Nobody is signed in before the second factor
(:mod:`second_factor`, or :mod:`totp` at the first time)."""

from datetime import timedelta

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.choices import Channel
from shebaoka.office.organizations.limits import limit
from shebaoka.office.organizations.models import SignIn, Staff
from shebaoka.office.organizations.services.herself import herself
from shebaoka.office.organizations.services.passwords import password_fits
from shebaoka.office.organizations.services.sessions import close_sessions
from shebaoka.office.organizations.services.steps import refused
from shebaoka.office.organizations.throttle import ACT, attempt, excused, succeeded


def sign_in(*, number: str, password: str, address: str = "", channel: Channel = Channel.DESK) -> SignIn:
    """The sign-in to go on with: keep its id in the web session; ``enrolled`` says which step is next.

    ``address``: the network address it comes from, empty for none. Raises Refusal ``sign-in-failed`` for
    whatever is wrong, ``wait`` after failures."""
    number = number.strip()
    keys = sign_in_attempts("sign-in", number, address)
    staff = Staff.objects.select_related("organization").filter(number=number, is_active=True).first()
    if not password_fits(staff, password) or staff is None:
        if staff is not None:
            refused(staff, channel, "password")
        raise Refusal("organizations.sign-in-failed")
    return sign_in_open(staff, address, keys)


def sign_in_open(staff: Staff, address: str, keys: tuple[str, str]) -> SignIn:
    """A sign-in whose first step is done. ``keys``: of the throttles that counted it."""
    now = clock.now()
    with writing(ACT):
        succeeded(keys[0])
        if keys[1]:
            excused(keys[1])
        return SignIn.objects.create(
            staff=staff,
            address=address or None,
            began_at=now,
            ends_at=now + timedelta(minutes=limit("sign-in-minutes", staff.organization.region)),
        )


@service("organizations.sign-out")
def sign_out(act: Act) -> Staff:
    """Ends her staff session; the caller ends the web session."""
    staff = herself(act)
    close_sessions(staff, act.time)
    act.about(staff)
    return staff


def sign_in_attempts(kind: str, number: str, address: str) -> tuple[str, str]:
    """Counts a try for number and address; gives the keys of their throttles, the second empty for none."""
    where = attempt("address", address, limit("failures-free-address")) if address else ""
    return attempt(kind, number, limit("failures-free")), where
