"""The blacklist of a terminal (黑名单, Part 8 §7) as a value, and the rule for a stale one.

Two kinds of records: single cards by identification code and card number, and ranges of card numbers
(卡号区段). File format and signature: :mod:`shebaoka.terminal.blacklist_file`.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from shebaoka.terminal.errors import BlacklistError

CLOCK_SLACK = timedelta(hours=1)
"""How far a terminal's clock may be behind the issuer's."""

_NUMBER_BODY = 8  # characters of a card number before its check character (V2 App A)


@dataclass(frozen=True, slots=True, order=True)
class Single:
    """One card: ``code`` 32 hexadecimal digits in capitals, ``number`` nine characters."""

    code: str = field(repr=False)
    number: str = field(repr=False)


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """Card numbers ``first`` to ``last``, both included, without check character: letter, seven digits."""

    first: str
    last: str


@dataclass(frozen=True)
class Blacklist:
    """``version`` rises with every issue; ``issued`` and ``max_age`` say until when the list is fresh;
    ``signer`` is the fingerprint of the key that signed it."""

    issuer: str
    version: int
    issued: datetime
    max_age: timedelta
    singles: frozenset[Single] = frozenset()
    ranges: tuple[Range, ...] = ()
    signer: str = ""
    _firsts: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        ordered = tuple(sorted(self.ranges))
        if any(later.first <= earlier.last for earlier, later in pairwise(ordered)):
            raise BlacklistError("blacklist-ranges-overlap")
        object.__setattr__(self, "ranges", ordered)
        object.__setattr__(self, "_firsts", tuple(entry.first for entry in ordered))

    @property
    def fresh_until(self) -> datetime:
        """End of freshness."""
        return self.issued + self.max_age

    def holds(self, code: str, number: str) -> bool:
        """Whether a card is listed: in a range first, then singly (Part 8 §7.2)."""
        body = number[:_NUMBER_BODY]
        place = bisect_right(self._firsts, body) - 1
        if place >= 0 and body <= self.ranges[place].last:
            return True
        return Single(code.upper(), number) in self.singles

    def __len__(self) -> int:
        return len(self.singles) + len(self.ranges)


class Verdict(StrEnum):
    """What a terminal does with its list now."""

    USE = "use"
    WARN = "warn"


class StaleAction(StrEnum):
    """What a stale list means."""

    REFUSE = "refuse"  # no card is accepted
    WARN = "warn"  # cards are accepted with a notice
    OFFLINE_UNTIL = "offline-until"  # as warn for a grace time, then as refuse


@dataclass(frozen=True, slots=True)
class StaleRule:
    """The owner's choice; ``grace`` counts from the end of freshness, for ``offline-until``."""

    action: StaleAction = StaleAction.REFUSE
    grace: timedelta = timedelta(0)

    def judge(self, blacklist: Blacklist, now: datetime) -> Verdict:
        """USE or WARN. Raises BlacklistError when the list may not be used any more. A clock that is set
        back does not make a list fresh: before its issue its age is unknown, and it counts as stale."""
        unknown = now < blacklist.issued - CLOCK_SLACK
        if now <= blacklist.fresh_until and not unknown:
            return Verdict.USE
        if self.action is StaleAction.WARN:
            return Verdict.WARN
        if unknown:
            raise BlacklistError("blacklist-from-the-future", issued=f"{blacklist.issued:%Y-%m-%d %H:%M}")
        if self.action is StaleAction.OFFLINE_UNTIL and now <= blacklist.fresh_until + self.grace:
            return Verdict.WARN
        raise BlacklistError(
            "blacklist-stale-refused",
            version=blacklist.version,
            until=f"{blacklist.fresh_until:%Y-%m-%d %H:%M}",
        )
