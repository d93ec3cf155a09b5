"""Sign-ins to the portal from the served office: number and password, argon2id as shipped, session opened.

Rounds: 20 a second whatever happens (open loop); 30, then 200 people at once, each again as soon as she was
answered (closed loop), five seconds later when she was shed (the page asks for a minute); meanwhile somebody
opens the answer page. Yardstick of the same run: argon2 alone with the settings' parameters on all
processors; the clients run there too. Prints JSON lines and keeps them in bench/results/sign_in.jsonl. Needs
the extra ``office``; starts a PostgreSQL and an office of its own in a temporary folder."""

import json
import os
import platform
import random
import statistics
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue
from threading import Thread

from bench.helping.holders import PASSWORD, Browser, fill, number
from bench.helping.office_served import served

RESULTS = Path(__file__).parent / "results" / "sign_in.jsonl"
HOLDERS = 4_000
SECONDS = 15.0
RATE, P99_MILLISECONDS = 20, 250.0
PEOPLE = (30, 200)
PER_SECOND, OF_HASH_ALONE = 45.0, 0.9
SIGNED_IN, SHED = 302, 503
AGAIN = 5.0


@dataclass
class Round:
    """``times``: milliseconds of each answer by its status; ``page``: of the answer page meanwhile."""

    seconds: float = SECONDS
    times: list[tuple[int, float]] = field(default_factory=list)
    page: list[float] = field(default_factory=list)

    def result(self) -> dict[str, object]:
        found = Counter(status for status, _ in self.times)
        done = sorted(took for status, took in self.times if status == SIGNED_IN)
        shed = [took for status, took in self.times if status == SHED]
        cuts = statistics.quantiles(done, n=100)
        return {
            "sign_ins": len(done),
            "per_second": round(len(done) / self.seconds, 1),
            "p50_ms": round(cuts[49], 1),
            "p95_ms": round(cuts[94], 1),
            "p99_ms": round(cuts[98], 1),
            "shed": len(shed),
            "shed_p50_ms": round(statistics.median(shed), 1) if shed else None,
            "other_answers": len(self.times) - found[SIGNED_IN] - found[SHED],
            "answer_page_p95_ms": round(statistics.quantiles(self.page, n=20)[18], 1),
        }


def again(browser: Browser, round_: Round, until: float, seed: int) -> None:
    """Somebody who signs in, and signs in."""
    dice = random.Random(seed)
    while (began := time.perf_counter()) < until:
        status = browser.sign_in(number(dice.randrange(HOLDERS)), PASSWORD)
        round_.times.append((status, (time.perf_counter() - began) * 1000))
        if status != SIGNED_IN:
            time.sleep(AGAIN + dice.random())


def looks(port: int, round_: Round, until: float) -> None:
    """Somebody who opens the answer page twice a second."""
    browser = Browser(port, 9_000)
    while (began := time.perf_counter()) < until:
        if browser.get("/") != 200:
            raise RuntimeError("the answer page is gone")
        round_.page.append((time.perf_counter() - began) * 1000)
        time.sleep(0.5)


def closed(port: int, people: int, first: int) -> Round:
    browsers = [Browser(port, first + nth) for nth in range(people)]
    round_, until = Round(), time.perf_counter() + SECONDS
    threads = [Thread(target=again, args=(each, round_, until, nth)) for nth, each in enumerate(browsers)]
    threads.append(Thread(target=looks, args=(port, round_, until)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return round_


def opened(port: int) -> Round:
    """By the clock: each time is from when it was due."""
    free: Queue[Browser] = Queue()
    for nth in range(60):
        free.put(Browser(port, nth))
    round_, start = Round(), time.perf_counter() + 0.2

    def at(nth: int) -> None:
        due = start + nth / RATE
        time.sleep(max(0.0, due - time.perf_counter()))
        browser = free.get()
        status = browser.sign_in(number(nth), PASSWORD)
        free.put(browser)
        round_.times.append((status, (time.perf_counter() - due) * 1000))

    looking = Thread(target=looks, args=(port, round_, start + SECONDS))
    looking.start()
    with ThreadPoolExecutor(60) as pool:
        list(pool.map(at, range(int(RATE * SECONDS))))
    looking.join()
    return round_


def hash_alone() -> float:
    """Hashes a second of argon2 with the settings' parameters on all processors; it lets go of the lock."""
    from argon2.low_level import Type, hash_secret

    from shebaoka.office.settings import ARGON2

    memory, passes, lanes = ARGON2
    until, made = time.perf_counter() + 5, [0] * (os.cpu_count() or 1)

    def busy(nth: int) -> None:
        while time.perf_counter() < until:
            hash_secret(PASSWORD.encode(), os.urandom(16), passes, memory, lanes, 32, Type.ID)
            made[nth] += 1

    with ThreadPoolExecutor(len(made)) as pool:
        list(pool.map(busy, range(len(made))))
    return sum(made) / 5


def main() -> int:
    with served() as office:
        os.environ.update(office.environment)
        alone = hash_alone()
        office.fill(__file__)
        closed(office.port, 4, 8_000)  # templates and connections are there from now on
        rounds = {f"open loop, {RATE} a second": opened(office.port).result()}
        for people in PEOPLE:
            rounds[f"closed loop, {people} people"] = closed(office.port, people, 1_000).result()
    machine = {
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "load_before": LOAD,
        "hash_alone_per_second": round(alone, 1),
    }
    lines = [json.dumps({"measured": name, **found, **machine}) for name, found in rounds.items()]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))
    enough = min(PER_SECOND, OF_HASH_ALONE * alone)
    first, *rest = (found for found in rounds.values())
    slow = float(str(first["p99_ms"])) > P99_MILLISECONDS
    few = any(float(str(found["per_second"])) < enough for found in rest)
    strange = any(found["other_answers"] for found in (first, *rest))
    return int(slow or few or strange)


LOAD = round(os.getloadavg()[0], 1)
if __name__ == "__main__":
    if sys.argv[1:] == ["fill"]:
        import django

        django.setup()
        fill(changed=HOLDERS)
    else:
        sys.exit(main())
