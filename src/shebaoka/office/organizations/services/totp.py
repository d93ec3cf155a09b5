"""The authenticator application (RFC 6238, six digits, 30 seconds) and the recovery codes beside it."""

import os
from base64 import b32encode
from dataclasses import dataclass
from urllib.parse import quote, urlencode
from uuid import UUID

from django_otp.oath import TOTP  # type: ignore[import-untyped]

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.choices import Channel, Factor
from shebaoka.office.organizations.codes import new_code, typed
from shebaoka.office.organizations.limits import limit
from shebaoka.office.organizations.models import RecoveryCode, Staff, Totp
from shebaoka.office.organizations.sealing import digest, seal, unseal
from shebaoka.office.organizations.services.herself import herself
from shebaoka.office.organizations.services.steps import awaited, counted, finish, refused
from shebaoka.office.organizations.throttle import ACT

_SECRET = 20
_DIGITS = 6
_ISSUER = "Shebaoka"
_RECOVERY_GROUPS = 4


@dataclass(frozen=True, slots=True, repr=False)
class TotpOffer:
    """What her application has to be told. Show it once; it is secret. ``secret``: Base32, to be typed;
    ``uri``: the same for a QR code (``otpauth://``)."""

    secret: str
    uri: str


@dataclass(frozen=True, slots=True, repr=False)
class Enrolled:
    """Who has a second factor now, and her recovery codes, to be shown once."""

    staff: Staff
    recovery_codes: tuple[str, ...]


def totp_offer(id: UUID) -> TotpOffer:
    """A new secret for who signs in the first time. Raises Refusal when she has a second factor already."""
    with writing(ACT):
        waiting = awaited(id)
        if waiting.enrolled:
            raise Refusal("organizations.has-factor")
        return _offer(waiting.staff)


def totp_confirm(id: UUID, *, code: str, channel: Channel = Channel.DESK) -> Enrolled:
    """She typed what her application shows: it is her second factor now, and she is signed in."""
    waiting, key = counted(id)
    with writing(ACT):
        waiting = awaited(id)
        if waiting.enrolled:
            raise Refusal("organizations.has-factor")
        if _confirm(waiting.staff, code):
            codes = recovery_codes_make(waiting.staff)
            return Enrolled(finish(waiting, Factor.ENROLLED, channel, key), codes)
    refused(waiting.staff, channel, Factor.ENROLLED.value)
    raise Refusal("organizations.factor-wrong")


@service("organizations.totp.replace")
def totp_replace(act: Act) -> TotpOffer:
    """A new secret for who is signed in; the present one counts until the new is confirmed."""
    staff = herself(act)
    act.about(staff)
    return _offer(staff)


@service("organizations.totp.confirm")
def totp_replace_confirm(act: Act, *, code: str) -> Staff:
    """The new secret takes the place of the old. Raises Refusal ``factor-wrong``."""
    staff = herself(act)
    if not _confirm(staff, code):
        raise Refusal("organizations.factor-wrong")
    act.about(staff)
    return staff


@service("organizations.recovery.renew")
def recovery_codes_renew(act: Act) -> Enrolled:
    """New recovery codes in place of the old."""
    staff = herself(act)
    codes = recovery_codes_make(staff)
    act.about(staff, count=len(codes))
    return Enrolled(staff, codes)


def recovery_codes_make(staff: Staff) -> tuple[str, ...]:
    """A new set, in plain; in the database only digests. The old set is withdrawn."""
    now = clock.now()
    staff.recovery_codes.filter(used_at=None, withdrawn_at=None).update(withdrawn_at=now)
    many = limit("recovery-codes", staff.organization.region)
    codes = tuple(new_code(_RECOVERY_GROUPS) for _ in range(many))
    RecoveryCode.objects.bulk_create(
        RecoveryCode(staff=staff, digest=digest(typed(code), f"recovery {staff.pk}"), made_at=now)
        for code in codes
    )
    return codes


def totp_fits(staff: Staff, code: str) -> bool:
    """Whether it is the code of now, 30 seconds ago or ahead, and was not used before."""
    kept = staff.totps.select_for_update().filter(closed_at=None, confirmed_at__isnull=False).first()
    return kept is not None and _fits(kept, code)


def _fits(kept: Totp, code: str) -> bool:
    plain = typed(code)
    if len(plain) != _DIGITS or not (plain.isascii() and plain.isdigit()):
        return False
    totp = TOTP(unseal(bytes(kept.sealed), f"totp {kept.staff_id}"))
    totp.time = clock.now().timestamp()
    if not totp.verify(int(plain), tolerance=1, min_t=kept.last_step + 1):
        return False
    kept.last_step = totp.t()
    kept.save(update_fields=["last_step"])
    return True


def _offer(staff: Staff) -> TotpOffer:
    now = clock.now()
    secret = os.urandom(_SECRET)
    staff.totps.filter(closed_at=None, confirmed_at=None).update(closed_at=now)
    Totp.objects.create(staff=staff, sealed=seal(secret, f"totp {staff.pk}"), made_at=now)
    text = b32encode(secret).decode()
    label = quote(f"{_ISSUER}:{staff.number}")
    query = urlencode({"secret": text, "issuer": _ISSUER, "digits": _DIGITS, "period": 30})
    return TotpOffer(text, f"otpauth://totp/{label}?{query}")


def _confirm(staff: Staff, code: str) -> bool:
    offered = staff.totps.select_for_update().filter(closed_at=None, confirmed_at=None).first()
    if offered is None or not _fits(offered, code):
        return False
    now = clock.now()
    staff.totps.filter(closed_at=None, confirmed_at__isnull=False).update(closed_at=now)
    offered.confirmed_at = now
    offered.save(update_fields=["confirmed_at"])
    return True
