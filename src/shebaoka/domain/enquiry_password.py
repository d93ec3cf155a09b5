"""The initial enquiry password (查询密码): a rule over the social security number, never a stored secret.

Rules Q-1 and Q-2 (portals' notices since 2009) are ``id-last8``; the other strategies are the phrasings of
other places. Anyone who knows the number can compute the value, so it only leads on to a second proof.
"""

from typing import Literal, TypeAlias

from shebaoka.domain import citizen_id

InitialPassword: TypeAlias = Literal[
    "id-last8", "id-last6", "birth-date", "birth-date6", "fixed", "self-registered", "real-name"
]
WITHOUT_INITIAL: frozenset[InitialPassword] = frozenset({"self-registered", "real-name"})


class NoInitialPasswordError(ValueError):
    """The rule gives this number no initial password: the person sets one at the counter."""


def initial(rule: InitialPassword, number: str, fixed: str = "") -> str:
    """The initial password of the person with ``number`` (18 characters) under ``rule``; ``fixed``: the
    region's value of the rule ``fixed``.

    Raises NoInitialPasswordError for a number of 15 digits, a number that is no citizen identity number or
    has its form, and for rules without initial passwords. The message does not repeat the number.

    >>> initial("id-last8", "11010519491231002X"), initial("id-last8", "440524188001010014")
    ('12310020', '01010014')
    """
    if rule in WITHOUT_INITIAL:
        raise NoInitialPasswordError("the region sets no initial passwords")
    if rule == "fixed":
        return fixed
    if len(number) == 15 and number.isascii() and number.isdigit():
        raise NoInitialPasswordError("the number has 15 digits: it is upgraded to 18 first")
    try:
        citizen_id.parse(number)
    except citizen_id.CitizenIdError as error:
        raise NoInitialPasswordError(f"no initial password for this number: {error}") from None
    return _cut(rule, number)


def _cut(rule: InitialPassword, number: str) -> str:
    match rule:
        case "id-last6":
            return number[-6:].replace("X", "0")
        case "birth-date":
            return number[6:14]
        case "birth-date6":
            return number[8:14]
        case _:
            return number[-8:].replace("X", "0")
