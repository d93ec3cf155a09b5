"""Ten clients, in as many processes as there are cores, ask an office with a population in it."""

import os
import random
import statistics
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

CLIENTS = 10
SECONDS = 15.0
PER_SECOND, P99, SEARCH_P95 = 300, 80.0, 300.0
KINDS = ("person by number", "person by card", "search")


def measure(lists: dict[str, Path]) -> list[dict[str, object]]:
    """People by number and by card with the audit row counted, and searches of the desk."""
    samples = {two: _sample(path) for two, path in lists.items()}
    return [_measured(kind, samples) for kind in KINDS]


def _sample(path: Path) -> list[list[str]]:
    """Every so-manieth row: number, name, card number."""
    found = []
    with path.open(encoding="utf-8") as file:
        next(file)
        for at, line in enumerate(file):
            if at % 97 == 0:
                cells = line.split(",")
                found.append([cells[0], cells[1], cells[8]])
    return found


def _measured(kind: str, samples: dict[str, list[list[str]]]) -> dict[str, object]:
    processes = min(CLIENTS, os.cpu_count() or 1)
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        asked = [pool.submit(_clients, kind, samples, CLIENTS // processes) for _ in range(processes)]
        times = sorted(time for each in asked for time in each.result())
    made: dict[str, object] = {
        "what": f"{kind}, audit row counted",
        "clients": CLIENTS,
        "per_second": round(len(times) / SECONDS),
        "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(times[int(len(times) * 0.95)], 1),
        "p99_ms": round(times[int(len(times) * 0.99)], 1),
    }
    if kind == "search":
        made["target_p95_ms"] = SEARCH_P95
        made["met"] = times[int(len(times) * 0.95)] <= SEARCH_P95
    else:
        made["target_per_second"], made["target_p99_ms"] = PER_SECOND, P99
        made["met"] = len(times) / SECONDS >= PER_SECOND and times[int(len(times) * 0.99)] <= P99
    return made


def _clients(kind: str, samples: dict[str, list[list[str]]], count: int) -> list[float]:
    import django

    django.setup()
    times: list[float] = []
    errors: list[BaseException] = []

    def client() -> None:
        try:
            _client(kind, samples, times)
        except BaseException as error:  # told by the process
            errors.append(error)

    threads = [threading.Thread(target=client) for _ in range(count)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if errors:
        raise errors[0]
    return times


def _client(kind: str, samples: dict[str, list[list[str]]], times: list[float]) -> None:
    from django.db import connection

    from shebaoka.office.organizations.actor import system
    from shebaoka.office.organizations.models import Organization

    actors = {two: system(Organization.objects.get(code=f"{two}0100")) for two in samples}
    dice = random.Random()
    question = _question(kind, dice)
    question(actors["98"], samples["98"][0])  # connections and plans
    until = time.perf_counter() + SECONDS
    while (began := time.perf_counter()) < until:
        two = dice.choice([*samples])
        question(actors[two], dice.choice(samples[two]))
        times.append((time.perf_counter() - began) * 1000)
    connection.close()


def _question(kind: str, dice: random.Random) -> "Callable[..., None]":
    from shebaoka.office.cards.selectors import cards
    from shebaoka.office.organizations.actor import Actor
    from shebaoka.office.organizations.reading import read_noted
    from shebaoka.office.people.models import Person
    from shebaoka.office.people.pinyin import pinyin
    from shebaoka.office.people.selectors import person_by_number, search

    def noted(actor: Actor, person: Person) -> None:
        read_noted(
            actor,
            organization=person.agency,
            subject=person,
            purpose="people.counter",
            fields=("people.name",),
        )

    def number(actor: Actor, row: list[str]) -> None:
        noted(actor, person_by_number(actor, row[0]))

    def card(actor: Actor, row: list[str]) -> None:
        found = cards(actor, number=row[2]).select_related("person__agency").get()
        assert found.person is not None
        noted(actor, found.person)

    def searched(actor: Actor, row: list[str]) -> None:
        name = row[1]
        text = dice.choice((row[0], name, name, name[:2], name[:1], pinyin(name), pinyin(name[:1])))
        found = search(actor, text)
        noted(actor, found[0])

    return {"person by number": number, "person by card": card, "search": searched}[kind]
