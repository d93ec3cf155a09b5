"""Passkeys (WebAuthn) as second factor. The browser's part needs a script, so the authenticator application
stays the way that always works."""

import json
import os
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import PublicKeyCredentialDescriptor, UserVerificationRequirement

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Challenge, Passkey, Staff
from shebaoka.office.organizations.services.herself import herself
from shebaoka.office.organizations.services.steps import awaited
from shebaoka.office.organizations.throttle import ACT

_CHALLENGE = 32
_MINUTES = 5
_LABEL = 60


@dataclass(frozen=True, slots=True)
class Site:
    """Where the browser is: ``host`` without port (a name; browsers give passkeys to no numeric address but
    accept ``localhost``), ``origin`` with scheme and port."""

    host: str
    origin: str


@service("organizations.passkey.offer")
def passkey_offer(act: Act, *, site: Site) -> str:
    """The options, JSON, for the browser to make a passkey for who is signed in."""
    staff = herself(act)
    act.about(staff)
    options = generate_registration_options(
        rp_id=site.host,
        rp_name="Shebaoka",
        user_name=staff.number,
        user_id=staff.pk.bytes,
        user_display_name=staff.name,
        challenge=_challenge(staff, registers=True),
        exclude_credentials=_descriptors(staff),
    )
    return options_to_json(options)


@service("organizations.passkey.add")
def passkey_add(act: Act, *, site: Site, answer: str, label: str) -> Passkey:
    """A passkey the browser made. ``answer``: its JSON. Raises Refusal ``passkey-unfit``."""
    staff = herself(act)
    challenge = _take(staff, registers=True)
    if challenge is None:
        raise Refusal("organizations.passkey-unfit")
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise Refusal("organizations.passkey-unfit") from None
    if Passkey.objects.filter(credential=made.credential_id).exists():
        raise Refusal("organizations.passkey-unfit")
    passkey = Passkey.objects.create(
        staff=staff,
        label=" ".join(label.split())[:_LABEL] or "Passkey",
        credential=made.credential_id,
        public_key=made.credential_public_key,
        count=made.sign_count,
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
        options = generate_authentication_options(
            rp_id=site.host,
            challenge=_challenge(staff, registers=False),
            allow_credentials=_descriptors(staff),
            user_verification=UserVerificationRequirement.PREFERRED,
        )
    return options_to_json(options)


def passkey_fits(staff: Staff, site: Site, answer: str) -> bool:
    """Whether ``answer`` proves one of her passkeys; a counter that does not go on proves a copy."""
    challenge = _take(staff, registers=False)
    passkey = _named(staff, answer)
    if challenge is None or passkey is None:
        return False
    try:
        proved = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=passkey.count,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return False
    passkey.count, passkey.used_at = proved.new_sign_count, clock.now()
    passkey.save(update_fields=["count", "used_at"])
    return True


def _challenge(staff: Staff, *, registers: bool) -> bytes:
    now = clock.now()
    staff.challenges.filter(registers=registers, used_at=None).update(used_at=now)
    value = os.urandom(_CHALLENGE)
    Challenge.objects.create(
        staff=staff, value=value, registers=registers, ends_at=now + timedelta(minutes=_MINUTES)
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


def _named(staff: Staff, answer: str) -> Passkey | None:
    try:
        credential = base64url_to_bytes(json.loads(answer)["rawId"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return staff.passkeys.select_for_update().filter(credential=credential, closed_at=None).first()


def _descriptors(staff: Staff) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(id=bytes(each.credential))
        for each in staff.passkeys.filter(closed_at=None)
    ]
