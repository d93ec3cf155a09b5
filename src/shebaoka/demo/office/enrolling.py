"""What a member of staff does before her first sign-in: a password, an authenticator, its first code."""

from shebaoka.demo.office.accounts import code_of
from shebaoka.office.base import clock
from shebaoka.office.organizations.choices import Channel
from shebaoka.office.organizations.codes import new_code
from shebaoka.office.organizations.services import activate, totp_confirm, totp_offer

_GROUPS = 3
CHANNEL = Channel.COMMAND


def enroll(number: str, first: str, second: str) -> tuple[str, str]:
    """Her password and the secret of her authenticator (Base32). A code works once: this is done in the past,
    so that the code of now is still good."""
    password = new_code(_GROUPS)
    waiting = activate(number=number, first=first, second=second, password=password, channel=CHANNEL)
    secret = totp_offer(waiting.pk).secret
    totp_confirm(waiting.pk, code=code_of(secret, clock.now().timestamp()), channel=CHANNEL)
    return password, secret
