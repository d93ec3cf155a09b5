"""Calendar dates as the card writes them: eight digits YYYYMMDD."""

from datetime import date


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
