"""Levels and kinds of organizations, channels of an act, states of an act of two persons."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What an organization is (M47 art. 3, domain practice)."""

    MINISTRY = "ministry", _("Ministry")
    PROVINCE = "province", _("Province")
    CITY = "city", _("City")
    AGENCY = "agency", _("Agency")
    HOSPITAL = "hospital", _("Hospital or pharmacy")
    BANK = "bank", _("Bank")
    FACTORY = "factory", _("Card factory")


ISSUING = (Kind.MINISTRY, Kind.PROVINCE, Kind.CITY)
"""The three levels (R-04)."""

_LOCAL = frozenset({Kind.AGENCY, Kind.HOSPITAL, Kind.BANK, Kind.FACTORY})
BELOW: dict[Kind, frozenset[Kind]] = {
    Kind.MINISTRY: frozenset({Kind.PROVINCE, Kind.BANK, Kind.FACTORY}),
    Kind.PROVINCE: _LOCAL | {Kind.CITY},
    Kind.CITY: _LOCAL,
    Kind.AGENCY: frozenset({Kind.AGENCY}),
    Kind.HOSPITAL: frozenset({Kind.HOSPITAL}),
    Kind.BANK: frozenset({Kind.BANK}),
    Kind.FACTORY: frozenset(),
}
"""What may be directly below what."""


class Channel(models.TextChoices):
    """The way an act came in (R-01)."""

    DESK = "desk", _("Desk")
    PORTAL = "portal", _("Portal")
    API = "api", _("Interface")
    COMMAND = "command", _("Command line")
    JOB = "job", _("Background job")


class Decision(models.TextChoices):
    """What became of an act that needs a second person."""

    WAITING = "waiting", _("Waiting for a second person")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Factor(models.TextChoices):
    """What a person proved herself with beside her password."""

    TOTP = "totp", _("Authenticator application")
    PASSKEY = "passkey", _("Passkey")
    RECOVERY = "recovery", _("Recovery code")
    ENROLLED = "enrolled", _("Set up at first sign-in")
