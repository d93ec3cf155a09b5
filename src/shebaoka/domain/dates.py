"""Calendar dates as the card writes them: eight digits YYYYMMDD."""

from datetime import date, timedelta


def parse_date(text: str) -> date:
    """The day that eight digits name. Raises ValueError for anything else."""
    if len(text) == 8 and text.isascii() and text.isdigit():
        try:
            return date(int(text[:4]), int(text[4:6]), int(text[6:]))
        except ValueError:
            pass
    raise ValueError("a date has eight digits YYYYMMDD and exists in the calendar")


def format_date(day: date) -> str:
    """Eight digits for a day."""
    return f"{day.year:04d}{day.month:02d}{day.day:02d}"


def after_workdays(day: date, count: int) -> date:
    """The day ``count`` working days (Monday to Friday; holidays are not known here) after ``day``.

    >>> after_workdays(date(2026, 11, 27), 1)
    datetime.date(2026, 11, 30)
    """
    while count > 0:
        day += timedelta(days=1)
        if day.weekday() < 5:
            count -= 1
    return day
