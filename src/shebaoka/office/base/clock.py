"""The office's clock: one place to ask for the time, so that tests and demonstrations set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
_fixed: ContextVar[datetime | None] = ContextVar("fixed", default=None)


def now() -> datetime:
    """The present time, UTC."""
    return _fixed.get() or datetime.now(UTC)


def today() -> date:
    """The present day in China."""
    return now().astimezone(CHINA).date()


@contextmanager
def at(time: datetime) -> Iterator[None]:
    """Within, the clock stands at ``time``."""
    token = _fixed.set(time)
    try:
        yield
    finally:
        _fixed.reset(token)
