"""Which new enquiry passwords are refused, and by which rule (PW-02, Q-6).

Digits are few: what a stranger guesses first is refused. A passphrase, where the region permits one, is
judged by length and by what it contains.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path

SHARED = 4  # digits in a row that password and number, or birth date, may not share
RUN = 4  # equal, ascending or descending digits in a row
PASSPHRASE_LEAST, PASSPHRASE_MOST = 15, 128  # characters
_DATA = Path(__file__).parent / "data" / "common-digits.txt"
_DISTINCT = 6  # different characters in a passphrase at the least


class Rule(StrEnum):
    """Why a password is refused."""

    FORM = "form"
    INITIAL = "initial"
    SHARED = "shared"
    RUN = "run"
    REPEAT = "repeat"
    COMMON = "common"
    EARLIER = "earlier"


@dataclass(frozen=True, slots=True)
class Person:
    """What the rules know of the person. ``initial``: her initial password, empty when there is none."""

    number: str
    birth: date
    initial: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """``digits``: the length of a password of digits; ``passphrase``: whether the region takes one."""

    digits: int = 8
    passphrase: bool = False


def refusals(
    password: str,
    person: Person,
    form: Form = Form(),
    *,
    common: Callable[[str], bool] = lambda _: False,
    earlier: Callable[[str], bool] = lambda _: False,
) -> tuple[Rule, ...]:
    """The rules that refuse ``password``, the strongest first; empty for a good one.

    ``common``: a further list of common passphrases; ``earlier``: whether it was one of the last ones. A
    password of the wrong form is judged by nothing else. ``earlier`` is slow and asked last, only when
    nothing else refuses.
    """
    if not _formed(password, form):
        return (Rule.FORM,)
    digits = _is_digits(password)
    found = tuple(_of_digits(password, person)) if digits else tuple(_of_phrase(password, person, common))
    return found or ((Rule.EARLIER,) if earlier(password) else ())


def _formed(password: str, form: Form) -> bool:
    if _is_digits(password) and len(password) == form.digits:
        return True
    return form.passphrase and PASSPHRASE_LEAST <= len(password) <= PASSPHRASE_MOST and password.isprintable()


def _of_digits(password: str, person: Person) -> Iterator[Rule]:
    if password == person.initial:
        yield Rule.INITIAL
    if any(part in text for text in _known(person) for part in _windows(password, SHARED)):
        yield Rule.SHARED
    if any(_is_run(part) for part in _windows(password, RUN)):
        yield Rule.RUN
    if _repeats(password):
        yield Rule.REPEAT
    if password in common_digits():
        yield Rule.COMMON


def _of_phrase(password: str, person: Person, common: Callable[[str], bool]) -> Iterator[Rule]:
    if person.number.casefold() in password.casefold():
        yield Rule.SHARED
    if len(set(password)) < _DISTINCT or _repeats(password):
        yield Rule.REPEAT
    if common(password):
        yield Rule.COMMON


def _known(person: Person) -> tuple[str, ...]:
    """The number, X as 0, and the birth date in the orders people write it."""
    year, month, day = f"{person.birth:%Y}", f"{person.birth:%m}", f"{person.birth:%d}"
    orders = (
        year + month + day,
        year + day + month,
        day + month + year,
        month + day + year,
        day + month + year[2:],
        month + day + year[2:],
        year[2:] + month + day,
    )
    return (person.number.upper().replace("X", "0"), *orders)


def _windows(text: str, width: int) -> Iterator[str]:
    return (text[at : at + width] for at in range(len(text) - width + 1))


def _is_run(part: str) -> bool:
    """Ascending or descending by one, from 9 to 0 and back too; equal digits are a run by nought."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(part)}
    return steps in ({0}, {1}, {9})


def _repeats(password: str) -> bool:
    """A piece of at most half the length said again and again, or pairs of equal characters all through."""
    length = len(password)
    for period in range(1, length // 2 + 1):
        if length % period == 0 and password == password[:period] * (length // period):
            return True
    return length % 2 == 0 and all(password[at] == password[at + 1] for at in range(0, length, 2))


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


@cache
def common_digits() -> frozenset[str]:
    """The shipped list of common strings of digits: keypad figures, days that everyone knows, numbers that
    sound like words, constants."""
    lines = _DATA.read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
