"""What share of all passwords of eight digits the rules refuse, by rule, for one invented person.

Counts all 10^8 by the rules' own meaning in numpy, after comparing that meaning with the rules themselves on
a sample. Run: ``python bench/refused_digits.py``; about a minute.
"""

from datetime import date

import numpy as np
import numpy.typing as npt

from shebaoka.domain.citizen_id import check_digit
from shebaoka.domain.enquiry_password import initial
from shebaoka.domain.password_rules import RUN, SHARED, Person, Rule, _known, common_digits, refusals

FIRST = "98010119870623417"
BLOCK = 10**6
SAMPLE = 20_000
Flags = npt.NDArray[np.bool_]


def counted(digits: npt.NDArray[np.int64], person: Person, shared: Flags) -> dict[Rule, Flags]:
    """Which of the rows of eight digits each rule refuses."""
    values = digits @ (10 ** np.arange(7, -1, -1))
    windows = [digits[:, at : at + SHARED] @ np.array([1000, 100, 10, 1]) for at in range(5)]
    steps = np.diff(digits, axis=1) % 10
    runs = np.zeros(len(digits), dtype=bool)
    for step in (0, 1, 9):
        same = steps == step
        for at in range(7 - RUN + 2):
            runs |= same[:, at : at + RUN - 1].all(axis=1)
    repeats = (digits[:, 0::2] == digits[:, 1::2]).all(axis=1)
    for period in (1, 2, 4):
        repeats |= (digits[:, period:] == digits[:, :-period]).all(axis=1)
    return {
        Rule.INITIAL: values == int(person.initial),
        Rule.SHARED: np.logical_or.reduce([shared[window] for window in windows]),
        Rule.RUN: runs,
        Rule.REPEAT: repeats,
        Rule.COMMON: np.isin(values, [int(entry) for entry in common_digits()]),
    }


def rows(values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The eight digits of each value."""
    return values[:, None] // 10 ** np.arange(7, -1, -1) % 10


def main() -> None:
    """Compare, count, print."""
    number = FIRST + check_digit(FIRST)
    person = Person(number, date(1987, 6, 23), initial("id-last8", number))
    shared = np.zeros(10**SHARED, dtype=bool)
    for text in _known(person):
        for at in range(len(text) - SHARED + 1):
            shared[int(text[at : at + SHARED])] = True

    sample = np.random.default_rng(8).integers(0, 10**8, SAMPLE)
    flags = counted(rows(sample), person, shared)
    for at, value in enumerate(sample):
        mine = {rule for rule, flag in flags.items() if flag[at]}
        assert mine == set(refusals(f"{value:08d}", person)), f"{value:08d}"

    totals = dict.fromkeys((*flags, "any"), 0)
    for start in range(0, 10**8, BLOCK):
        flags = counted(rows(np.arange(start, start + BLOCK)), person, shared)
        for rule, flag in flags.items():
            totals[rule] += int(flag.sum())
        totals["any"] += int(np.logical_or.reduce(list(flags.values())).sum())
    for name, count in totals.items():
        print(f"{name:8} {count:>10,} of 100,000,000  {count / 10**6:.4f} %")


if __name__ == "__main__":
    main()
