"""How values of this part are read in the content of acts."""

from django.utils.translation import gettext as _

from shebaoka.office.organizations.actor import Actor
from shebaoka.office.psams.choices import KeyLevel, Purpose, RecallReason


def purpose(actor: Actor, value: str) -> str:
    """What a PSAM is for."""
    return str(Purpose(value).label)


def level(actor: Actor, value: str) -> str:
    """A key level."""
    return str(KeyLevel(value).label)


def recall_reason(actor: Actor, value: str) -> str:
    """Why PSAMs are called back."""
    return str(RecallReason(value).label)


def yes_no(actor: Actor, value: bool) -> str:
    """A yes or a no."""
    return _("Yes") if value else _("No")
