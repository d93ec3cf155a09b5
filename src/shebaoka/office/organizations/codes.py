"""Codes people copy: letters and digits that are not taken for each other, in groups."""

import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_GROUP = 4


def new_code(groups: int) -> str:
    """A code of ``groups`` times four characters, 20 bits each.

    >>> len(new_code(4))
    19
    """
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(_GROUP)) for _ in range(groups))


def typed(code: str) -> str:
    """A code as somebody typed it, in its one form: no blanks, dashes or small letters.

    >>> typed(" abcd-efgh ")
    'ABCDEFGH'
    """
    return "".join(character for character in code.upper() if character.isalnum())
