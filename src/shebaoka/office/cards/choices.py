"""Choices of applications, cards and stock; the states are those of :mod:`shebaoka.domain.card_states`."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ApplicationKind(models.TextChoices):
    """What is applied for; codes of deployed systems 1 to 4, and the temporary card."""

    NEW = "new", _("First card")
    REISSUE = "reissue", _("Re-issue of a lost card")
    EXCHANGE = "exchange", _("Exchange")
    SAME_NUMBER = "same-number", _("Exchange that keeps the card number")
    TEMPORARY = "temporary", _("Temporary card")


REPLACING = frozenset({ApplicationKind.REISSUE, ApplicationKind.EXCHANGE, ApplicationKind.SAME_NUMBER})
"""Kinds that end another card."""


class Reason(models.TextChoices):
    """Why a card is replaced."""

    NONE = "none", _("First card")
    LOST = "lost", _("Lost")
    DAMAGED = "damaged", _("Damaged")
    UNREADABLE = "unreadable", _("Chip unreadable")
    EXPIRED = "expired", _("Expired or expiring")
    CORRECTED = "corrected", _("What stands on it was corrected")
    BANK = "bank", _("Another bank")
    GENERATION = "generation", _("New card generation")
    PHOTO = "photo", _("New photo")
    MOVED = "moved", _("Insured in another province now")


class Applicant(models.TextChoices):
    """Who applies."""

    PERSON = "person", _("The person or her agent")
    EMPLOYER = "employer", _("Employer")
    SCHOOL = "school", _("School")
    COMMUNITY = "community", _("Community")


class Delivery(models.TextChoices):
    """How the card reaches its holder."""

    OUTLET = "outlet", _("Collected at the outlet")
    MAIL = "mail", _("Sent by the bank")
    COLLECTIVE = "collective", _("Collected by employer, school or community")


class Making(models.TextChoices):
    """How the card is made."""

    FACTORY = "factory", _("In a batch")
    INSTANT = "instant", _("At the counter")


class CardKind(models.TextChoices):
    """What a card is."""

    FULL = "full", _("Social security card")
    TEMPORARY = "temporary", _("Temporary card")
    TEST = "test", _("Test card")


class Movement(models.TextChoices):
    """What happens to blanks."""

    RECEIVED = "received", _("Received")
    ISSUED = "issued", _("Made into cards")
    SPOILED = "spoiled", _("Spoiled")
    DESTROYED = "destroyed", _("Destroyed")


class Proof(models.TextChoices):
    """How somebody proved who she is at a counter."""

    IDENTITY = "identity", _("Identity document compared with the face")
    PIN = "pin", _("Card and its PIN")
    AGENT = "agent", _("Agent with both identity documents")
    FACE = "face", _("Face compared online")
    TELEPHONE = "telephone", _("Questions by telephone")
    ELECTRONIC = "electronic", _("Electronic card with its QR code")


class Task(models.TextChoices):
    """What waits to be done on a chip."""

    ITEM = "item", _("Write an item")
    BLOCK_APPLICATION = "block-application", _("Block the application")
    BLOCK_CARD = "block-card", _("Block the card")


class RowResult(models.TextChoices):
    """What became of a row of a list."""

    TAKEN = "taken", _("Taken")
    REFUSED = "refused", _("Refused")
