"""States of an account, second proofs, strengths of a session, what notices and cases are about."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Proof(models.TextChoices):
    """What shows that who signs in is the holder, beside a number that anyone may know."""

    PHONE = "phone", _("Code to the registered telephone")
    LETTER = "letter", _("Code on the letter that came with the card")
    CARD = "card", _("Card and PIN in a reader")
    COUNTER = "counter", _("Activation code from the counter")
    PASSKEY = "passkey", _("Passkey")


STRONG = frozenset({Proof.CARD, Proof.COUNTER, Proof.PASSKEY})
"""Proofs that no wait touches and that switch digits on again."""
IDENTIFYING = frozenset({Proof.CARD, Proof.COUNTER})
"""Proofs that go back to her document or her card, after which nothing is masked and with which who cannot
sign in begins again."""


class PasskeyUse(models.TextChoices):
    """What a challenge to a passkey is for."""

    ADDING = "adding"
    SIGN_IN = "sign-in"
    STEP_UP = "step-up"


class State(models.TextChoices):
    """Of an account with a row: ``INITIAL`` is verified by rule, ``CHANGED`` by hash."""

    INITIAL = "initial", _("Initial password not changed")
    CHANGED = "changed", _("Password chosen")


class Tallied(models.TextChoices):
    """Whose failures are counted."""

    PERSON = "person"
    PROOF = "proof"
    SENDING = "sending"
    ADDRESS = "address"
    NETWORK = "network"
    OVERALL = "overall"


class Occasion(models.TextChoices):
    """When a holder was told of her responsibility (PW-07)."""

    HAND_OUT = "hand-out", _("At hand-out of the card")
    REMINDER = "reminder", _("Reminder")
    FIRST = "first", _("At the first sign-in")
    CHANGE = "change", _("At a change of the password")


class Medium(models.TextChoices):
    """How she was told."""

    PAPER = "paper", _("On paper, signed")
    PHONE = "phone", _("Message to the telephone")
    PORTAL = "portal", _("On the portal")


class Cause(models.TextChoices):
    """Why somebody could not sign in (Q-4)."""

    OLD_NUMBER = "old-number", _("The register has a number of 15 digits")
    NUMBER = "number", _("The number in the register is wrong")
    NAME = "name", _("The name in the register is wrong")
    ELSEWHERE = "elsewhere", _("She is insured in another place")
    UNKNOWN = "unknown", _("She is not in the register")
    FORGOTTEN = "forgotten", _("The password is forgotten or switched off")
    NO_PROOF = "no-proof", _("No telephone, letter or card to prove herself with")


class CaseState(models.TextChoices):
    """Of an identity verification."""

    OPEN = "open", _("In hand")
    FOUND = "found", _("Cause found")
    DONE = "done", _("Settled")
    REFUSED = "refused", _("Identity not verified")


CORRECTED = frozenset({Cause.OLD_NUMBER, Cause.NUMBER, Cause.NAME})
"""Causes that two people put right in the register before the case is settled."""


class LeakCause(models.TextChoices):
    """Why data of a holder became known (Q-5; the last is the agency's own, PW-08)."""

    UNCHANGED = "unchanged", _("Initial password not changed in time")
    CARELESS = "careless", _("Card kept carelessly")
    DISCLOSED = "disclosed", _("Password disclosed")
    AGENCY = "agency", _("Agency's own fault")
    UNPROVEN = "unproven", _("No leak found")


class RequestState(models.TextChoices):
    """Of a request for correction."""

    OPEN = "open", _("Asked")
    DONE = "done", _("Put right")
    REFUSED = "refused", _("Not put right")


class MandateEnd(models.TextChoices):
    """Who ended a mandate before its last day."""

    HOLDER = "holder", _("Withdrawn by the holder")
    AGENT = "agent", _("Given back by the agent")
    COUNTER = "counter", _("Withdrawn at the counter")


class Scope(models.TextChoices):
    """What one person does for another on the portal; sections that other parts contribute are scopes too.
    Never a secret: password, passkeys, electronic card, mandates and sessions are of nobody else."""

    SUMMARY = "summary", _("See the summary")
    CARDS = "cards", _("See the cards, report one lost")
    RECORDS = "records", _("See status, qualifications and work record")
    STATEMENT = "statement", _("Take a signed statement")
    REQUESTS = "requests", _("Ask for a correction, tell of a leak")
    READERS = "readers", _("See who looked at the data")
