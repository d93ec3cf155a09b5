"""How long a sign-in waits after wrong passwords: growing waits in place of locks.

A stranger can slow an owner down and never shut her out: there is always a wait that ends, and a strong
route (card and PIN, counter) that no wait touches. After :data:`OFF_AFTER` failures in a row the digits are
switched off until the owner used a strong route.
"""

from dataclasses import dataclass
from datetime import timedelta

OFF_AFTER = 100  # failures in a row


@dataclass(frozen=True, slots=True)
class Ladder:
    """``free`` failures cost nothing; the next waits ``first``, each further one twice as long, ``longest``
    at most."""

    free: int
    first: timedelta
    longest: timedelta

    def wait(self, failures: int) -> timedelta:
        """The wait before the next attempt after ``failures`` wrong ones. Raises ValueError below 0.

        >>> Ladder(2, timedelta(seconds=30), timedelta(minutes=30)).wait(4).seconds
        60
        """
        if failures < 0:
            raise ValueError("failures are counted from 0")
        over = failures - self.free
        if over <= 0:
            return timedelta()
        doubled: int = 2 ** min(over - 1, 40)
        return min(self.first * doubled, self.longest)


def digits_are_off(failures: int) -> bool:
    """Whether the digits are switched off after so many failures in a row."""
    return failures >= OFF_AFTER
