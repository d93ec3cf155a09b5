"""Track 2 of the hidden magnetic stripe (隐蔽磁条) of composite cards: ISO/IEC 7811-6, 7813.

``; PAN = YYMM service(3) discretionary ? LRC``, at most 40 characters of five bits. A bank's PAN, where one
is given, is checked (12-19 digits, Luhn) and taken. Without one the PAN is the social security identifier
``9156000002`` (9: national, 156: China) ‖ serial 8 ‖ Luhn digit, 19 digits: the same serial that stands in
identification code, card number and ATR, so no second number space exists. Service code 620: national use
with chip, authorized by the issuer, PIN required. Discretionary data: the six digits of the issuing region.
"""

from datetime import date
from functools import reduce
from operator import xor

from shebaoka.personalization.errors import PersonalizationError

ISSUER = "9156000002"
SERVICE_CODE = "620"
START, SEPARATOR, END = ";", "=", "?"
MAX_CHARACTERS = 40


def track2(pan: str, valid_until: date, region: str) -> str:
    """The whole track as characters, LRC included. Raises PersonalizationError for a wrong PAN.

    >>> track2("4111111111111111", date(2036, 1, 1), "980100")
    ';4111111111111111=3601620980100?0'
    """
    check_pan(pan)
    body = f"{START}{pan}{SEPARATOR}{valid_until:%y%m}{SERVICE_CODE}{region}{END}"
    if len(body) >= MAX_CHARACTERS:
        raise PersonalizationError(f"track 2 holds {MAX_CHARACTERS} characters, {len(body) + 1} are needed")
    return body + lrc(body)


def lrc(characters: str) -> str:
    """Longitudinal redundancy check: the character that makes every bit column even (ISO/IEC 7811-6)."""
    return chr(0x30 | reduce(xor, (ord(c) & 0x0F for c in characters), 0))


def social_pan(serial: int) -> str:
    """The 19-digit PAN of a card without a bank's: identifier ‖ serial (1-99999999) ‖ Luhn digit."""
    if not 0 < serial <= 99_999_999:
        raise PersonalizationError(f"a card serial is 1 to 99999999, not {serial}")
    payload = f"{ISSUER}{serial:08d}"
    return payload + luhn_digit(payload)


def luhn_digit(payload: str) -> str:
    """The check digit to append (ISO/IEC 7812-1).

    >>> luhn_digit("7992739871")
    '3'
    """
    return str(-_luhn_sum(payload + "0") % 10)


def check_pan(pan: str) -> None:
    """Raises PersonalizationError, without repeating the number, when it is no PAN."""
    if not (12 <= len(pan) <= 19 and pan.isascii() and pan.isdigit()):
        raise PersonalizationError("a bank card number has 12 to 19 digits")
    if _luhn_sum(pan) % 10:
        raise PersonalizationError(
            "the bank card number fails its check digit; compare it with the bank's list"
        )


def _luhn_sum(digits: str) -> int:
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total
