"""What other parts are told of PSAMs: functions they add when the office starts (``AppConfig.ready``)."""

from collections.abc import Callable
from datetime import date

from shebaoka.office.organizations.models import Organization

PSAMS_RECEIVED: list[Callable[[Organization, str, date], None]] = []
"""A body has received its PSAMs with this document (P20: PSAMs received)."""


def psams_received(body: Organization, document: str, day: date) -> None:
    """Tells every part that wants to know."""
    for tell in PSAMS_RECEIVED:
        tell(body, document, day)
