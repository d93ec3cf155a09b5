"""How values of custody are read in the content of acts."""

from collections.abc import Callable
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from shebaoka.office.custody.choices import CarrierKind, HsmStatus, IdentityKind, PlaceKind, Secrecy
from shebaoka.office.custody.models import HsmCertificate
from shebaoka.office.organizations.actor import Actor


def yes_or_no(actor: Actor, value: bool) -> str:
    """A truth value."""
    return _("yes") if value else _("no")


def _of(choices: type[TextChoices]) -> Callable[[Actor, Any], object]:
    return lambda actor, value: choices(value).label if value in choices.values else value


def _certificate(actor: Actor, value: str) -> object:
    return dict(HsmCertificate.KINDS).get(value, value)


READERS: dict[str, Callable[[Actor, Any], object]] = {
    "yes-or-no": yes_or_no,
    "carrier-kind": _of(CarrierKind),
    "hsm-status": _of(HsmStatus),
    "identity-kind": _of(IdentityKind),
    "place-kind": _of(PlaceKind),
    "custody-secrecy": _of(Secrecy),
    "certificate-kind": _certificate,
}
"""By name in ``payloads.toml``."""
