"""Back to the initial value at the counter, only where the region chooses it (Q-10): the second proof is
asked for again all the same, and passkeys serve no more."""

from uuid import UUID

import msgspec

from shebaoka.office.access.choices import State
from shebaoka.office.access.models import Account, EarlierPassword, Passkey
from shebaoka.office.access.services.common import holder_locked
from shebaoka.office.access.services.messages import warn
from shebaoka.office.access.services.sessions import session_end_all
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.two_persons import two_persons
from shebaoka.office.parameters.selectors import switch


class Reset(msgspec.Struct, frozen=True):
    """``person``: whose identity was verified; ``case``: number of the verification."""

    person: UUID
    case: str


@two_persons("access.reset", Reset, rehearsed=True)
def reset(act: Act, order: Reset) -> Account:
    """Raises Refusal ``no-reset``, ``base.not-found``."""
    person = holder_locked(act, order.person)
    if not switch(person.agency, "enquiry.reset-to-initial"):
        raise Refusal("access.no-reset")
    account = Account.objects.select_for_update().filter(person=person).first()
    if account is None:
        raise Refusal("base.not-found", what="account")
    if account.hash:
        EarlierPassword.objects.create(account=account, hash=account.hash, until=act.time)
    account.state, account.hash, account.off = State.INITIAL, "", False
    account.reset_at, account.passphrase = act.time, False
    account.save()
    Passkey.objects.filter(person=person, closed_at=None).update(closed_at=act.time)
    session_end_all(person)
    warn(person, "password-reset")
    act.about(account, person=str(person.pk), case=order.case)
    return account


@service("access.sessions.end")
def sessions_end(act: Act, *, person: UUID) -> int:
    """The counter signs a holder out everywhere, at her wish or when somebody else is in. Raises Refusal
    ``base.not-found``."""
    found = holder_locked(act, person)
    ended = session_end_all(found)
    act.about(found, sessions=ended)
    return ended
