"""Passkeys (WebAuthn) as second factor. The browser's part needs a script, so the authenticator application
stays the way that always works."""

from datetime import timedelta
from uuid import UUID

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.passkeys import (
    LABEL,
    MINUTES,
    Made,
    Owner,
    Site,
    made_by,
    named_in,
    new_challenge,
    options_to_make,
    options_to_prove,
    proved_by,
)
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Challenge, Passkey, Staff
from shebaoka.office.organizations.services.herself import herself
from shebaoka.office.organizations.services.steps import awaited
from shebaoka.office.organizations.throttle import ACT


@service("organizations.passkey.offer")
def passkey_offer(act: Act, *, site: Site) -> str:
    """The options, JSON, for the browser to make a passkey for who is signed in."""
    staff = herself(act)
    act.about(staff)
    owner = Owner(staff.pk, staff.number, staff.name)
    return options_to_make(site, owner, _challenge(staff, registers=True), _credentials(staff))


@service("organizations.passkey.add")
def passkey_add(act: Act, *, site: Site, answer: str, label: str) -> Passkey:
    """A passkey the browser made. ``answer``: its JSON. Raises Refusal ``passkey-unfit``."""
    staff = herself(act)
    challenge = _take(staff, registers=True)
    made = made_by(site, answer, challenge) if challenge is not None else None
    if made is None or Passkey.objects.filter(credential=made.credential).exists():
        raise Refusal("organizations.passkey-unfit")
    passkey = Passkey.objects.create(
        staff=staff,
        label=" ".join(label.split())[:LABEL] or "Passkey",
        credential=made.credential,
        public_key=made.public_key,
        count=made.count,
        added_at=act.time,
    )
    act.about(passkey)
    return passkey


@service("organizations.passkey.close")
def passkey_close(act: Act, *, id: UUID) -> Passkey:
    """One of her own passkeys is used no more. Raises Refusal when it would leave her without a second
    factor."""
    staff = herself(act)
    passkey = staff.passkeys.select_for_update().filter(pk=id, closed_at=None).first()
    if passkey is None:
        raise Refusal("base.not-found", what="passkey")
    others = staff.passkeys.filter(closed_at=None).exclude(pk=id).exists()
    if not others and not staff.totps.filter(closed_at=None, confirmed_at__isnull=False).exists():
        raise Refusal("organizations.last-factor")
    passkey.closed_at = act.time
    passkey.save(update_fields=["closed_at"])
    act.about(passkey)
    return passkey


def passkey_challenge(id: UUID, *, site: Site) -> str:
    """The options, JSON, for the browser to prove a passkey in the sign-in ``id``."""
    with writing(ACT):
        staff = awaited(id).staff
        challenge = _challenge(staff, registers=False)
    return options_to_prove(site, challenge, _credentials(staff))


def passkey_fits(staff: Staff, site: Site, answer: str) -> bool:
    """Whether ``answer`` proves one of her passkeys; a counter that does not go on proves a copy."""
    challenge = _take(staff, registers=False)
    found = staff.passkeys.select_for_update().filter(credential=named_in(answer), closed_at=None)
    passkey = found.first()
    if challenge is None or passkey is None:
        return False
    kept = Made(bytes(passkey.credential), bytes(passkey.public_key), passkey.count)
    count = proved_by(site, answer, challenge, kept)
    if count is None:
        return False
    passkey.count, passkey.used_at = count, clock.now()
    passkey.save(update_fields=["count", "used_at"])
    return True


def _challenge(staff: Staff, *, registers: bool) -> bytes:
    now = clock.now()
    staff.challenges.filter(registers=registers, used_at=None).update(used_at=now)
    value = new_challenge()
    Challenge.objects.create(
        staff=staff, value=value, registers=registers, ends_at=now + timedelta(minutes=MINUTES)
    )
    return value


def _take(staff: Staff, *, registers: bool) -> bytes | None:
    now = clock.now()
    open_ones = staff.challenges.select_for_update().filter(
        registers=registers, used_at=None, ends_at__gt=now
    )
    challenge = open_ones.first()
    if challenge is None:
        return None
    challenge.used_at = now
    challenge.save(update_fields=["used_at"])
    return bytes(challenge.value)


def _credentials(staff: Staff) -> list[bytes]:
    return [bytes(each.credential) for each in staff.passkeys.filter(closed_at=None)]
