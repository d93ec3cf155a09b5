"""Social security number (社会保障号码, item 08): the citizen identity number, or the number the agency makes
for foreigners: country in three letters (ISO 3166-1), then letters and digits, 18 characters at most.
"""

import re
from datetime import date
from enum import StrEnum

from shebaoka.domain import citizen_id

_FOREIGN = re.compile(r"[A-Z]{3}[0-9A-Z]{1,15}")


class Kind(StrEnum):
    """Whose number it is."""

    CITIZEN = "citizen"
    FOREIGN = "foreign"


def validate(number: str, today: date | None = None) -> Kind:
    """The kind of a well-formed number. Raises citizen_id.CitizenIdError for a wrong identity number and
    ValueError for a wrong foreigner's number; ``today`` as in :func:`citizen_id.validate`."""
    if number[:1].isascii() and number[:1].isalpha():
        if not _FOREIGN.fullmatch(number):
            raise ValueError("a foreigner's number has three capital letters, then 1 to 15 letters or digits")
        return Kind.FOREIGN
    citizen_id.validate(number, today)
    return Kind.CITIZEN
