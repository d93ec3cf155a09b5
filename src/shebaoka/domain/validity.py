"""Validity of a card: date of issue (item 05) and last valid day (卡有效期, item 06) (V2 §8.1.1.5-6)."""

from datetime import date, timedelta
from enum import StrEnum

from shebaoka.domain.dates import format_date, parse_date


class Validity(StrEnum):
    """The state of a card on a day."""

    VALID = "valid"
    NOT_YET = "not-yet-valid"
    EXPIRED = "expired"


def validity(issued: str, expires: str, today: date) -> Validity:
    """The state on ``today``; the last day counts. ``issued``, ``expires``: YYYYMMDD, empty when the card has
    no such date (then it does not limit). Raises ValueError for a date that does not exist."""
    if issued and today < parse_date(issued):
        return Validity.NOT_YET
    if expires and today > parse_date(expires):
        return Validity.EXPIRED
    return Validity.VALID


def last_day(issued: str, years: int) -> str:
    """The last valid day, YYYYMMDD, of a card valid for ``years`` from ``issued``: the day before the
    anniversary; the anniversary of 29 February is 1 March in a common year. Raises ValueError."""
    if years < 1:
        raise ValueError(f"a card is valid for at least one year, not {years}")
    start = parse_date(issued)
    try:
        anniversary = start.replace(year=start.year + years)
    except ValueError:
        anniversary = date(start.year + years, 3, 1)
    return format_date(anniversary - timedelta(days=1))
