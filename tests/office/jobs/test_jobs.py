"""Background jobs: asked for in a transaction, done once, tried again, taken over from a dead worker."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from shebaoka.office.base.jobs import JOBS, defer, job
from shebaoka.office.jobs import queue as jobs_queue
from shebaoka.office.jobs.jobs import tidy
from shebaoka.office.jobs.taking_over import take_over
from shebaoka.office.jobs.worker import connected

R = TypeVar("R")
done: list[str] = []


@pytest.fixture
def letters() -> Iterator[list[str]]:
    """A job of a test, ``tests.letter``: fails for the letter ``bad``."""

    @job("tests.letter", retries=1)
    def letter(number: str) -> None:
        if number == "bad":
            raise ValueError("no ink")
        done.append(number)

    jobs_queue.register()
    done.clear()
    yield done
    del JOBS["tests.letter"]
    del app.tasks["tests.letter"]


@pytest.fixture
def queue(transactional_db: None) -> Iterator[None]:
    """Commits count; the queue, whose tables Django does not empty, is emptied behind the test."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


def waiting() -> list[dict[str, Any]]:
    found = ProcrastinateJob.objects.filter(task_name__startswith="tests.").order_by("id")
    return list(found.values_list("args", flat=True))


def in_a_loop(work: Callable[[], Coroutine[Any, Any, R]]) -> R:
    """Runs ``work`` in a thread: in this one a browser of other tests may have its loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(work())).result()


def work_off() -> None:
    """A worker that stops when nothing waits, on connections of its own."""

    async def run() -> None:
        async with connected() as queue:
            await queue.run_worker_async(
                wait=False, install_signal_handlers=False, listen_notify=False, delete_jobs="successful"
            )

    in_a_loop(run)


def test_a_job_is_asked_for_in_the_transaction_or_not_at_all(letters: list[str], db: None) -> None:
    with transaction.atomic():
        defer("tests.letter", number="1")
        transaction.set_rollback(True)
    assert waiting() == []
    defer("tests.letter", number="2")
    assert waiting() == [{"number": "2"}]


def test_once_asks_for_nothing_while_one_waits(letters: list[str], db: None) -> None:
    for number in ("1", "2"):
        defer("tests.letter", once="980100", number=number)
    defer("tests.letter", once="990100", number="3")
    assert waiting() == [{"number": "1"}, {"number": "3"}]


def test_an_unknown_job_is_refused(db: None) -> None:
    with pytest.raises(KeyError):
        defer("tests.nobody-knows")


def test_names_are_taken_once() -> None:
    with pytest.raises(ValueError, match=r"jobs\.tidy already"):
        job("jobs.tidy")(tidy)


def test_a_worker_does_them_and_tries_a_failed_one_again_later(letters: list[str], queue: None) -> None:
    defer("tests.letter", number="1")
    defer("tests.letter", number="bad")
    defer("tests.letter", at=datetime.now(UTC) + timedelta(days=1), number="tomorrow")
    work_off()
    assert done == ["1"]
    left = ProcrastinateJob.objects.get(args={"number": "bad"})
    assert (left.status, left.attempts) == ("todo", 1)
    assert left.scheduled_at is not None
    assert left.scheduled_at > datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE args->>'number' = 'bad'")
    work_off()
    assert ProcrastinateJob.objects.get(args={"number": "bad"}).status == "failed"
    assert waiting() == [{"number": "bad"}, {"number": "tomorrow"}]


def test_the_jobs_of_a_dead_worker_are_taken_over_and_those_of_a_living_one_are_not(
    letters: list[str], queue: None
) -> None:
    for number in ("of the dead", "of the living"):
        defer("tests.letter", number=number)
    with connection.cursor() as cursor:
        for number, silent in (("of the dead", "40 seconds"), ("of the living", "5 seconds")):
            cursor.execute(
                "WITH worker AS (INSERT INTO procrastinate_workers (last_heartbeat)"
                " VALUES (now() - %s::interval) RETURNING id) UPDATE procrastinate_jobs"
                " SET status = 'doing', worker_id = (SELECT id FROM worker) WHERE args->>'number' = %s",
                [silent, number],
            )

    async def take() -> int:
        async with connected() as queue:
            return await take_over(queue)

    assert in_a_loop(take) == 1
    states = dict(ProcrastinateJob.objects.values_list("args__number", "status"))
    assert states == {"of the dead": "todo", "of the living": "doing"}
    work_off()
    assert done == ["of the dead"]


def test_what_ended_badly_long_ago_is_forgotten(letters: list[str], db: None) -> None:
    for number in ("old", "new", "waiting"):
        defer("tests.letter", number=number)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE args->>'number' <> 'waiting'")
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE args->>'number' <> 'waiting'")
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - interval '91 days' WHERE job_id IN"
            " (SELECT id FROM procrastinate_jobs WHERE args->>'number' <> 'new')"
        )
    tidy()
    assert waiting() == [{"number": "new"}, {"number": "waiting"}]


def test_every_job_that_comes_by_itself_has_a_time_the_queue_understands() -> None:
    known = app.periodic_registry.periodic_tasks.values()
    assert {each.task.name for each in known} == {each.name for each in JOBS.values() if each.cron}
    assert "jobs.tidy" in {each.task.name for each in known}
    for each in known:
        assert each.croniter.get_next(float) > 0
