"""Days that are so many months away."""

from calendar import monthrange
from datetime import date


def after_months(day: date, months: int) -> date:
    """The same day of the month ``months`` later, or the last one of a shorter month.

    >>> after_months(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
