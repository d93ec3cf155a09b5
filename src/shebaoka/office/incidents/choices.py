"""Kinds, levels, secrecy and states of incidents; what has to be reported; what is written down."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class IncidentKind(models.TextChoices):
    """What happened. ``kinds.toml`` says of each its level, what is done at once, what else is reported."""

    CARRIER_LOST = "carrier-lost", _("Key carrier lost or stolen")
    CARRIER_OPENED = "carrier-opened", _("Key carrier found open or its seal broken")
    OVERDUE_RETURN = "overdue-return", _("Key carrier not returned in time")
    STOCK_DIFFERENCE = "stock-difference", _("Count differs from the register")
    KEY_DISCLOSED = "key-disclosed", _("Key disclosed, or suspected to be")
    HSM_LOST = "hsm-lost", _("HSM lost or tampered with")
    HSM_KEYS_LOST = "hsm-keys-lost", _("Keys lost from an HSM")
    CERTIFICATE_EXPIRED = "certificate-expired", _("Certificate of an HSM expired in use")
    PSAM_LOST = "psam-lost", _("PSAM lost or stolen")
    PSAM_MISUSED = "psam-misused", _("PSAM used outside of its place or conditions")
    PSAM_BLACKLISTED = "psam-blacklisted", _("Blacklisted PSAM in use")
    WRONG_TAC = "wrong-tac", _("Wrong transaction code (TAC)")
    CARDS_FORGED = "cards-forged", _("Forged cards")
    CARDS_LOST = "cards-lost", _("Blank cards or a data package lost")
    PRODUCTION_UNAPPROVED = "production-unapproved", _("Production of unapproved cards")
    DATA_LEAK = "data-leak", _("Leak of personal data")
    PASSWORD_SPRAYING = "password-spraying", _("Passwords tried on many accounts")
    INSIDER_MISUSE = "insider-misuse", _("Misuse by staff")
    BYPASS = "bypass", _("Data written past the services")
    OTHER = "other", _("Other")


class Level(models.IntegerChoices):
    """I is the gravest."""

    I = 1, _("Level I: national keys or carriers")  # noqa: E741
    II = 2, _("Level II: a province's keys or carriers, forged cards")
    III = 3, _("Level III: a city's keys or carriers, a batch of cards or data")
    IV = 4, _("Level IV: a single PSAM or card")


class Secrecy(models.IntegerChoices):
    """The secrecy level (密级) of what the incident is about."""

    NONE = 0, _("No state secret")
    SECRET = 1, _("Secret (秘密)")
    HIGHLY_SECRET = 2, _("Highly secret (机密)")
    TOP_SECRET = 3, _("Top secret (绝密)")


class IncidentState(models.TextChoices):
    """How far it is."""

    POTENTIAL = "potential", _("Potential, to be assessed")
    OPEN = "open", _("Open")
    DISMISSED = "dismissed", _("Dismissed: no incident")
    CLOSED = "closed", _("Case closed")


MOVES: dict[str, frozenset[str]] = {
    IncidentState.POTENTIAL: frozenset({IncidentState.OPEN, IncidentState.DISMISSED}),
    IncidentState.OPEN: frozenset({IncidentState.CLOSED}),
    IncidentState.DISMISSED: frozenset(),
    IncidentState.CLOSED: frozenset(),
}
"""What may follow what."""
RUNNING = (IncidentState.POTENTIAL, IncidentState.OPEN)


class DutyKind(models.TextChoices):
    """Whom or what a report goes to."""

    SUPERVISOR = "supervisor", _("Tell the responsible leader")
    SUPERIOR = "superior", _("Report to the superior department")
    MINISTRY = "ministry", _("Report to the ministry")
    SECRECY = "secrecy", _("Report to the secrecy administration")
    PERSONAL_DATA = "personal-data", _("Tell the authority and the persons concerned")
    NETWORK = "network", _("Report to the cyberspace administration")
    FIRST_REPORT = "first-report", _("First written report")
    FOLLOW_UP = "follow-up", _("Follow-up report")
    FINAL_REPORT = "final-report", _("Final report")


BEFORE_CLOSING = frozenset(
    {
        DutyKind.SUPERIOR,
        DutyKind.MINISTRY,
        DutyKind.SECRECY,
        DutyKind.PERSONAL_DATA,
        DutyKind.NETWORK,
        DutyKind.FIRST_REPORT,
    }
)
"""Without these no incident is closed."""


class Means(models.TextChoices):
    """The way a report went."""

    PHONE = "phone", _("Telephone")
    IN_PERSON = "in-person", _("In person")
    CONFIDENTIAL_POST = "confidential-post", _("Confidential courier")
    LETTER = "letter", _("Official letter")
    SECURE_NETWORK = "secure-network", _("Government network")


class EntryKind(models.TextChoices):
    """What an entry of the incident's log is."""

    NOTE = "note", _("Note")
    CONTAINMENT = "containment", _("Containment")
    FINDING = "finding", _("Finding")
    CAUSE = "cause", _("Cause")
    DECISION = "decision", _("Decision")
    ROTATION = "rotation", _("Change of keys")
    RECOVERY = "recovery", _("Recovery")
    LESSON = "lesson", _("Lesson")


HANDLING = (EntryKind.CONTAINMENT, EntryKind.DECISION, EntryKind.ROTATION, EntryKind.RECOVERY)
"""Entries that say how an incident was handled."""
WRITTEN = tuple(each for each in EntryKind if each not in (EntryKind.CAUSE, EntryKind.ROTATION))
"""Entries a person writes as such; the others come with their own acts."""


class AffectedKind(models.TextChoices):
    """What an incident touches."""

    KEY = "key", _("Key")
    CARRIER = "carrier", _("Key carrier")
    HSM = "hsm", _("HSM")
    PSAM = "psam", _("PSAM")
    CARD = "card", _("Cards")
    DATA = "data", _("Data")
