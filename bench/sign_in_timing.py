"""Whether the time of an answer tells whose number it is: sign-ins to the served office, one after another.

Groups that a stranger must not tell apart, in random order, each try at another number and from another
address. Wrong passwords: at numbers that are nobody's, whose password is the initial one, whose is chosen,
and whose digits are off. Initial values: at nobody's number and at one whose password it is. Each is compared
with nobody's: difference of the medians with its 95 % interval (bootstrap), and Mann-Whitney's z; nobody's
again shows what chance does. Raw times too in bench/results/sign_in_timing.jsonl. Needs the extra
``office``."""

import json
import os
import platform
import random
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from bench.helping.holders import WRONG, Browser, fill, number
from bench.helping.office_served import served
from numpy.typing import NDArray

RESULTS = Path(__file__).parent / "results" / "sign_in_timing.jsonl"
TRIES = 250
LARGEST_Z = 4.0
"""Chance alone passes it once in 16,000 comparisons."""
CHANGED, OFF = 2 * TRIES, 3 * TRIES
NOBODY = 1_000_000
Times = NDArray[np.float64]


def initial_of(number: str) -> str:
    return number[-8:].replace("X", "0")


def tries() -> list[tuple[str, int, str, int]]:
    """Group, number, password, and the status that the answer has."""
    found: list[tuple[str, int, str, int]] = []
    for nth in range(TRIES):
        found += [
            ("wrong, nobody's", NOBODY + nth, WRONG, 422),
            ("wrong, nobody's again", NOBODY + TRIES + nth, WRONG, 422),
            ("wrong, chosen", nth, WRONG, 422),
            ("wrong, initial", CHANGED + nth, WRONG, 422),
            ("wrong, digits off", TRIES + nth, WRONG, 422),
            ("initial value, nobody's", NOBODY + 2 * TRIES + nth, "", 302),
            ("initial value, hers", OFF + nth, "", 302),
        ]
    random.Random(1).shuffle(found)
    return found


def measure(port: int) -> dict[str, Times]:
    """Milliseconds by group."""
    browsers = [Browser(port, 1_000 + nth) for nth in range(200)]
    times: dict[str, list[float]] = {}
    for turn, (group, nth, password, expected) in enumerate(tries()):
        typed = number(nth)
        browser = browsers[turn % len(browsers)]
        began = time.perf_counter()
        status = browser.sign_in(typed, password or initial_of(typed))
        times.setdefault(group, []).append((time.perf_counter() - began) * 1000)
        if status != expected:
            raise RuntimeError(f"{group}: answered {status}")
    return {group: np.array(found) for group, found in times.items()}


def compared(name: str, first: Times, second: Times) -> dict[str, object]:
    """How ``second`` differs from ``first``."""
    dice = np.random.default_rng(1)
    resampled = [
        float(np.median(dice.choice(second, second.size)) - np.median(dice.choice(first, first.size)))
        for _ in range(2_000)
    ]
    low, high = np.quantile(resampled, (0.025, 0.975))
    return {
        "compared": name,
        "median_ms": round(float(np.median(second)), 2),
        "difference_ms": round(float(np.median(second) - np.median(first)), 3),
        "interval_ms": [round(float(low), 3), round(float(high), 3)],
        "z": round(z(first, second), 2),
    }


def z(first: Times, second: Times) -> float:
    """Mann-Whitney's, by the normal approximation; times are hardly ever equal."""
    n, m = first.size, second.size
    ranks = np.concatenate((first, second)).argsort().argsort() + 1
    u = float(ranks[:n].sum()) - n * (n + 1) / 2
    return (u - n * m / 2) / float(np.sqrt(n * m * (n + m + 1) / 12))


def main() -> int:
    load = round(os.getloadavg()[0], 1)
    with served() as office:
        os.environ.update(office.environment)
        office.fill(__file__)
        times = measure(office.port)
    nobody, led_on = times["wrong, nobody's"], times["initial value, nobody's"]
    found = [
        compared(name, nobody if name.startswith("wrong") else led_on, measured)
        for name, measured in times.items()
        if name not in ("wrong, nobody's", "initial value, nobody's")
    ]
    machine: dict[str, Any] = {
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "load_before": load,
        "tries": TRIES,
    }
    lines = [json.dumps({**each, **machine}) for each in found]
    raw = [json.dumps({"group": name, "ms": [round(t, 2) for t in each]}) for name, each in times.items()]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text("\n".join((*lines, *raw)) + "\n", "utf-8")
    print("\n".join(lines))
    return int(any(abs(float(str(each["z"]))) > LARGEST_Z for each in found))


def fill_all() -> None:
    """Holders with a password of their own, as many whose digits are off, and twice as many without."""
    from shebaoka.office.access.models import Account
    from shebaoka.office.base.records import writing

    fill(changed=2 * TRIES, initial=2 * TRIES)
    off = [number(nth) for nth in range(TRIES, 2 * TRIES)]
    with writing("bench.fill"):
        Account.objects.filter(person__number__in=off).update(off=True)


if __name__ == "__main__":
    if sys.argv[1:] == ["fill"]:
        import django

        django.setup()
        fill_all()
    else:
        sys.exit(main())
