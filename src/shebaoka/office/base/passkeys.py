"""Passkeys (WebAuthn Level 2): what a browser is asked for, and what its answer proves. Whose they are, and
which challenge was given when, the parts that keep them know."""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

MINUTES = 5
"""How long a challenge serves."""
LABEL = 60
"""Characters of a passkey's name."""
_CHALLENGE = 32
_UNFIT = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True)
class Site:
    """Where the browser is: ``host`` without port (a name; browsers give passkeys to no numeric address but
    accept ``localhost``), ``origin`` with scheme and port."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class Owner:
    """For whom a passkey is made: ``handle`` is kept on the device, as are the names it shows."""

    handle: UUID
    user: str
    name: str


@dataclass(frozen=True, slots=True)
class Made:
    """A passkey as it is kept: public, nothing to seal."""

    credential: bytes
    public_key: bytes
    count: int


def site_of(request: HttpRequest) -> Site:
    """Where the browser sees the office. The host was checked against the allowed ones."""
    host = request.get_host()
    name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    return Site(name, f"{request.scheme}://{host}")


def new_challenge() -> bytes:
    """256 bits that a passkey has to sign, once."""
    return os.urandom(_CHALLENGE)


def options_to_make(
    site: Site, owner: Owner, challenge: bytes, there: Iterable[bytes], *, alone: bool = False
) -> str:
    """The options, JSON, for the browser to make a passkey beside those of ``there``. ``alone``: it will be
    all that is asked for, so it names its owner by itself and looks who holds the device."""
    chosen = None
    if alone:
        chosen = AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    return options_to_json(
        generate_registration_options(
            rp_id=site.host,
            rp_name="Shebaoka",
            user_name=owner.user,
            user_id=owner.handle.bytes,
            user_display_name=owner.name,
            challenge=challenge,
            exclude_credentials=_descriptors(there),
            authenticator_selection=chosen,
        )
    )


def made_by(site: Site, answer: str, challenge: bytes, *, alone: bool = False) -> Made | None:
    """The passkey of a browser's answer, None when it does not fit."""
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=alone,
        )
    except _UNFIT:
        return None
    return Made(made.credential_id, made.credential_public_key, made.sign_count)


def options_to_prove(
    site: Site, challenge: bytes, allowed: Iterable[bytes] = (), *, alone: bool = False
) -> str:
    """The options, JSON, for the browser to prove one of the passkeys ``allowed``; without any the device
    offers those it has for the site."""
    verified = UserVerificationRequirement.REQUIRED if alone else UserVerificationRequirement.PREFERRED
    return options_to_json(
        generate_authentication_options(
            rp_id=site.host,
            challenge=challenge,
            allow_credentials=_descriptors(allowed),
            user_verification=verified,
        )
    )


def named_in(answer: str) -> bytes:
    """The credential an answer says it is of, empty for none."""
    try:
        return bytes(base64url_to_bytes(json.loads(answer)["rawId"]))
    except _UNFIT:
        return b""


def proved_by(site: Site, answer: str, challenge: bytes, passkey: Made, *, alone: bool = False) -> int | None:
    """The new count of a passkey that an answer proves, None when it does not; a count that does not go on
    proves a copy."""
    try:
        proved = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.count,
            require_user_verification=alone,
        )
    except _UNFIT:
        return None
    return proved.new_sign_count


def _descriptors(credentials: Iterable[bytes]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=each) for each in credentials]
