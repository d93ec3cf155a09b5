"""Social security number (社会保障号码, item 08): the citizen identity number, the residence permit of Hong
Kong, Macao and Taiwan residents, the permit of foreigners with permanent residence, or the number the agency
makes for other foreigners (order 16 of 2011): country in three letters (ISO 3166-1), then letters and digits.
18 characters at most.
"""

import re
from datetime import date
from enum import StrEnum

from shebaoka.domain import citizen_id

_FOREIGN = re.compile(r"[A-Z]{3}(?=[A-Z]*[0-9])[0-9A-Z]{1,15}")
_OLD_PERMIT = re.compile(r"[A-Z]{3}[0-9]{12}")
_COUNTRY = re.compile(r"[A-Z]{3}")
_DOCUMENT = re.compile(r"[0-9A-Z]{1,14}")
_PERMIT_REGIONS = ("810000", "820000", "830000")
_LONGEST = 18


class Kind(StrEnum):
    """Whose number it is."""

    CITIZEN = "citizen"
    RESIDENCE = "residence"
    PERMANENT = "permanent"
    FOREIGN = "foreign"


def validate(number: str, today: date | None = None) -> Kind:
    """The kind of a well-formed number. Raises citizen_id.CitizenIdError for a wrong identity number and
    ValueError for a wrong foreigner's number; ``today`` as in :func:`citizen_id.validate`.

    A permit number of 15 characters (three letters, twelve digits) has the form of a foreigner's number too
    and counts as the permit.

    >>> validate("810000199001010019").value
    'residence'
    """
    if number[:1].isascii() and number[:1].isalpha():
        if not _FOREIGN.fullmatch(number):
            raise ValueError(
                "a foreigner's number has three capital letters, then 1 to 15 letters and digits"
            )
        return Kind.PERMANENT if _OLD_PERMIT.fullmatch(number) else Kind.FOREIGN
    citizen_id.validate(number, today)
    return of_identity(number)


def of_identity(number: str) -> Kind:
    """The kind of an identity number that was found right."""
    if number.startswith("9") and not number.startswith(("98", "99")):
        return Kind.PERMANENT  # 9, province of acceptance, three digits of the nationality (since 2023)
    return Kind.RESIDENCE if number.startswith(_PERMIT_REGIONS) else Kind.CITIZEN


def foreign_number(country: str, document: str, reserved: str = "0") -> str:
    """The number made for a foreigner from the number of passport or permit: country, a reserved position,
    the document's number, 18 characters at most. Raises ValueError.

    The rule's text was annexed to order 16 of 2011; a region whose rule differs makes the number itself, and
    :func:`validate` takes it.

    >>> foreign_number("DEU", "C01X00T47")
    'DEU0C01X00T47'
    """
    if not _COUNTRY.fullmatch(country):
        raise ValueError("a country has three capital letters (ISO 3166-1)")
    if len(reserved) != 1 or not reserved.isascii() or not reserved.isdigit():
        raise ValueError("the reserved position is one digit")
    if not _DOCUMENT.fullmatch(document):
        raise ValueError("the document's number has 1 to 14 capital letters or digits")
    return (country + reserved + document)[:_LONGEST]


def settled(number: str) -> str:
    """The form under which a number is kept: no spaces around, capitals, 15 digits raised to 18.

    Raises citizen_id.CitizenIdError for 15 digits that cannot be raised.

    >>> settled(" 11010519491231002x ")
    '11010519491231002X'
    """
    text = number.strip().upper()
    if len(text) == 15 and text.isascii() and text.isdigit():
        return citizen_id.upgrade_15_to_18(text)
    return text
