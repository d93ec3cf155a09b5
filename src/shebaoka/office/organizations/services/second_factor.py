"""Signing in, second step: a code of the authenticator application, a passkey or a recovery code."""

from collections.abc import Callable
from uuid import UUID

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.passkeys import Site
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.choices import Channel, Factor
from shebaoka.office.organizations.codes import typed
from shebaoka.office.organizations.models import Staff
from shebaoka.office.organizations.sealing import fits
from shebaoka.office.organizations.services.passkeys import passkey_fits
from shebaoka.office.organizations.services.steps import awaited, counted, finish, refused
from shebaoka.office.organizations.services.totp import totp_fits
from shebaoka.office.organizations.throttle import ACT


def second_factor_totp(id: UUID, *, code: str, channel: Channel = Channel.DESK) -> Staff:
    """Signs in with the six digits the application shows. Raises Refusal ``factor-wrong``,
    ``sign-in-over``, ``wait``."""
    return _prove(id, channel, Factor.TOTP, lambda staff: totp_fits(staff, code))


def second_factor_recovery(id: UUID, *, code: str, channel: Channel = Channel.DESK) -> Staff:
    """Signs in with a recovery code, which is used up by it. Raises Refusal like the others."""
    return _prove(id, channel, Factor.RECOVERY, lambda staff: _recovery_fits(staff, code))


def second_factor_passkey(
    id: UUID,
    *,
    site: Site,
    answer: str,
    channel: Channel = Channel.DESK,
) -> Staff:
    """Signs in with a passkey: ``answer`` is the browser's JSON for
    :func:`~shebaoka.office.organizations.services.passkeys.passkey_challenge`. Raises Refusal like the
    others."""
    return _prove(id, channel, Factor.PASSKEY, lambda staff: passkey_fits(staff, site, answer))


def _prove(id: UUID, channel: Channel, factor: Factor, proves: Callable[[Staff], bool]) -> Staff:
    waiting, key = counted(id)
    with writing(ACT):
        # once more under lock: two right answers at once are one sign-in
        waiting = awaited(id)
        if proves(waiting.staff):
            return finish(waiting, factor, channel, key)
    refused(waiting.staff, channel, factor.value)
    raise Refusal("organizations.factor-wrong")


def _recovery_fits(staff: Staff, code: str) -> bool:
    plain = typed(code)
    for kept in staff.recovery_codes.select_for_update().filter(used_at=None, withdrawn_at=None):
        if fits(plain, f"recovery {staff.pk}", kept.digest):
            kept.used_at = clock.now()
            kept.save(update_fields=["used_at"])
            return True
    return False
