"""Citizen identity number (公民身份号码, GB 11643-1999): region 6, birth date 8, sequence 3, check character.

Residence permits of Hong Kong, Macao and Taiwan residents and the permits of foreigners since 2023 have the
same form. Error messages never repeat the number.
"""

from dataclasses import dataclass
from datetime import date
from operator import mul

from shebaoka.domain.dates import parse_date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_ZEROS = sum(_WEIGHTS) * ord("0")
_OLDEST = 150  # years
_CENTENARIANS = ("996", "997", "998", "999")  # sequences of the 15-digit form for people born before 1900


class CitizenIdError(ValueError):
    """A number that is no citizen identity number."""


@dataclass(frozen=True, slots=True)
class CitizenId:
    """What the number tells: region code of the first registration, day of birth, sex code of table 13."""

    region: str
    birth: date
    sex: str


def check_digit(first: str) -> str:
    """The check character (0-9 or X) of the first 17 digits (ISO 7064 MOD 11-2). Raises CitizenIdError.

    >>> check_digit("11010519491231002")
    'X'
    """
    if not _digits(first, 17):
        raise CitizenIdError("the check character is computed over 17 digits")
    return _CHECK[(sum(map(mul, first.encode(), _WEIGHTS)) - _ZEROS) % 11]


def parse(number: str) -> CitizenId:
    """What an 18-character number tells. Raises CitizenIdError as :func:`validate` does without ``today``."""
    if len(number) != 18:
        raise CitizenIdError(f"an identity number has 18 characters, not {len(number)}")
    if not _digits(number[:17], 17):
        raise CitizenIdError("the first 17 characters of an identity number are digits")
    try:
        birth = parse_date(number[6:14])
    except ValueError:
        raise CitizenIdError("the birth date in the identity number does not exist") from None
    expected = check_digit(number[:17])
    if number[17] != expected:
        hint = "; X is a capital letter" if number[17] == "x" and expected == "X" else ""
        raise CitizenIdError(f"the check character of the identity number is wrong{hint}")
    return CitizenId(number[:6], birth, "1" if int(number[16]) % 2 else "2")


def validate(number: str, today: date | None = None) -> None:
    """Check length, digits, birth date and check character; with ``today`` also that the birth is neither in
    the future nor more than 150 years ago. A withdrawn region code is no reason to refuse. Raises
    CitizenIdError.
    """
    birth = parse(number).birth
    if today is None:
        return
    if birth > today:
        raise CitizenIdError("the birth date in the identity number lies in the future")
    if today.year - birth.year > _OLDEST:
        raise CitizenIdError(f"the birth date in the identity number is over {_OLDEST} years ago")


def upgrade_15_to_18(number: str) -> str:
    """The 18-character form of a number of 1984-1999: century 19 inserted, check character added.

    Raises CitizenIdError for anything but 15 digits with a real date, and for the sequences 996-999, which
    were kept for people born before 1900 and need a clerk.

    >>> upgrade_15_to_18("110105491231002")
    '11010519491231002X'
    """
    if not _digits(number, 15):
        raise CitizenIdError("an old identity number has 15 digits")
    if number[12:] in _CENTENARIANS:
        raise CitizenIdError(
            "sequences 996 to 999 were for people born before 1900: check the century by hand"
        )
    first = number[:6] + "19" + number[6:]
    upgraded = first + check_digit(first)
    validate(upgraded)
    return upgraded


def _digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()
