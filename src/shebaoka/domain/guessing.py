"""How long a sign-in waits after wrong passwords: growing waits in place of locks.

A stranger can slow an owner down and never shut her out: every wait ends, and a strong route (card and PIN,
counter) that no wait touches stays open. After many failures in a row the digits are switched off until the
owner used a strong route.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from shebaoka.domain.region_rules import RegionRules


@dataclass(frozen=True, slots=True)
class Ladder:
    """``free`` failures cost nothing; the next waits ``first``, each further one twice as long, ``longest``
    at most. ``off_after`` failures in a row switch the secret off."""

    free: int
    first: timedelta
    longest: timedelta
    off_after: int = 100

    @classmethod
    def of(cls, rules: RegionRules) -> Self:
        """The ladder of the enquiry password in a region."""
        return cls(
            rules.enquiry_failures,
            timedelta(minutes=rules.enquiry_first_wait),
            timedelta(minutes=rules.enquiry_longest_wait),
            rules.enquiry_off_after,
        )

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

    def is_off(self, failures: int) -> bool:
        """Whether so many failures in a row switch the secret off."""
        return failures >= self.off_after
