"""Signing in, first step: number and password. Every failure takes the same path and says the same.

Who knows a number can compute its initial value, so that value only leads on: whoever's number it is, the
same next page asks for a second proof."""

from datetime import timedelta
from uuid import UUID

from shebaoka.domain import person_number
from shebaoka.domain.guessing import Ladder
from shebaoka.office.access.choices import State, Tallied
from shebaoka.office.access.hashing import admitted, fits
from shebaoka.office.access.models import Account, SignInBegun
from shebaoka.office.access.services.common import noted
from shebaoka.office.access.services.messages import warn
from shebaoka.office.access.services.sessions import Opened, masked_still, session_open
from shebaoka.office.access.standing import Standing, is_somebodys_initial, standing
from shebaoka.office.access.tallies import ACT, forgive, of_origin, of_person, reserve
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.sealing import digest

MINUTES = 15
"""For the second proof and the new password."""
_NOBODY = UUID(int=0)
"""No account has this key."""


def sign_in(*, number: str, password: str, address: str = "", agent: str = "") -> Opened | SignInBegun:
    """A session for her own password; for an initial value the sign-in to go on with.

    ``address``: the network address, empty for none; ``agent``: the browser. Raises Refusal
    ``sign-in-failed`` for whatever is wrong, ``wait``, ``busy``."""
    with admitted():
        return _sign_in(settled(number), password, address, agent)


def _sign_in(number: str, password: str, address: str, agent: str) -> Opened | SignInBegun:
    found = standing(number)
    counted = [of_person(number, Ladder.of(found.rules)), *of_origin(address)]
    failures = reserve(counted)
    account = found.account
    kept = account.hash if account is not None and not account.off else ""
    try:
        right = fits(password, kept)
    except Refusal:
        forgive(counted)
        raise
    leads_on = is_somebodys_initial(number, password)
    if right and found.person is not None and account is not None:
        forgive(counted)
        return session_open(found.person, "", address=address, agent=agent, masked=masked_still(account))
    if leads_on:
        forgive(counted)
        return _begin(found, password, address)
    if failures[Tallied.PERSON] >= found.rules.enquiry_off_after:
        _switch_off(account)
    raise Refusal("access.sign-in-failed")


def recovery_begin(*, number: str, address: str = "") -> SignInBegun:
    """For who cannot sign in: a sign-in that card and PIN or the counter's code finish. It begins for every
    number alike; no wait touches it."""
    number = settled(number)
    return _begun(number, standing(number), address, strong_only=True)


def settled(number: str) -> str:
    """A number as it was typed, in its one form: 18 characters, also from 15 digits; what is no number stays
    as it is."""
    tidy = "".join(number.split()).upper()
    try:
        return person_number.settled(tidy)
    except ValueError:
        return tidy[:18]


def _begin(found: Standing, password: str, address: str) -> SignInBegun:
    mine = found.initial
    late = found.due is not None and clock.today() > found.due
    whose = found if mine and mine == password else None
    return _begun(found.number, whose, address, strong_only=late)


def _begun(number: str, found: Standing | None, address: str, *, strong_only: bool) -> SignInBegun:
    now = clock.now()
    with writing(ACT):
        return SignInBegun.objects.create(
            number_digest=digest(number, "begun"),
            person=found.person if found else None,
            address=address or None,
            strong_only=strong_only,
            began_at=now,
            ends_at=now + timedelta(minutes=MINUTES),
        )


def _switch_off(account: Account | None) -> None:
    """Her digits serve no more until she used a strong proof; her own sessions go on. Where there is no
    account, as much is asked of the database."""
    with writing(ACT):
        found = Account.objects.filter(pk=account.pk if account else _NOBODY, state=State.CHANGED)
        if found.filter(off=False, passphrase=False).update(off=True) and account is not None:
            noted(f"{ACT}.switched-off", account.person, account)
            warn(account.person, "switched-off")
