"""The worker: takes jobs from the queue, does them, and takes over those of workers that died."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from shebaoka.office.jobs.taking_over import SILENT_SECONDS, keep_taking_over

CONCURRENCY = 4
_GRACE_SECONDS = 15.0


@asynccontextmanager
async def connected() -> AsyncIterator[App]:
    """The queue on connections of its own, which wait for news and outlive the database's restarts."""
    django = app.connector
    if not isinstance(django, DjangoConnector):
        raise TypeError("the queue is not set up by Django")
    with app.replace_connector(django.get_worker_connector()) as queue:
        async with queue.open_async():
            yield queue


async def work(*, until_input_ends: bool = False) -> None:
    """Does jobs until SIGTERM, SIGINT or, when asked, until standard input is closed; running ones then get
    15 seconds."""
    async with connected() as queue:
        taking_over = asyncio.create_task(keep_taking_over(queue))
        worker = asyncio.create_task(
            queue.run_worker_async(
                concurrency=CONCURRENCY,
                install_signal_handlers=False,
                shutdown_graceful_timeout=_GRACE_SECONDS,
                delete_jobs="successful",
                stalled_worker_timeout=4 * SILENT_SECONDS,
            )
        )
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, worker.cancel)
        if until_input_ends:
            loop.add_reader(sys.stdin.fileno(), _input, worker)
        try:
            with suppress(asyncio.CancelledError):
                await worker
        finally:
            taking_over.cancel()


def _input(worker: "asyncio.Task[None]") -> None:
    if not sys.stdin.buffer.read(1):
        asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
        worker.cancel()
