"""Card number (卡号, item 07): eight characters and a check character (V2 App A).

The first character is a capital letter, by which a region tells its districts apart; the other seven are the
region's to assign. Printed with a hyphen before the check character, stored without.
"""

import string

_ALPHABET = string.digits + string.ascii_uppercase
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}  # A = 10
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "0X987654321"  # by the weighted sum modulo 11: 11 - 0 is written 0, 11 - 1 is written X


class CardNumberError(ValueError):
    """Text that is no card number."""


def check_character(serial: str) -> str:
    """The check character of eight characters. Raises CardNumberError.

    >>> check_character("D2143569")
    'X'
    """
    if len(serial) != 8 or not all(character in _VALUES for character in serial):
        raise CardNumberError("the body of a card number has eight digits or capital letters")
    if serial[0] in string.digits:
        raise CardNumberError("a card number begins with a capital letter")
    return _CHECK[sum(_VALUES[c] * weight for c, weight in zip(serial, _WEIGHTS, strict=True)) % 11]


def card_number(serial: str) -> str:
    """The nine characters for eight. Raises CardNumberError."""
    return serial + check_character(serial)


def check(number: str) -> bool:
    """Whether the check character is right. A reader flags a wrong one and goes on: cards with wrong ones are
    in use (decision K85). Anything that is no card number at all is not right either."""
    try:
        return number == card_number(number[:8])
    except CardNumberError:
        return False


def from_print(text: str) -> str:
    """The stored form of a printed number: the hyphen before the check character is left out."""
    return text[:8] + text[9:] if text[8:9] == "-" else text


def to_print(number: str) -> str:
    """The printed form of a stored number of nine characters: ``D2143569-X``."""
    return f"{number[:8]}-{number[8:]}"
