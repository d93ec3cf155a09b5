"""The worker: takes jobs from the queue, does them, and takes over those of workers that died."""

import asyncio
import signal
import sys
from contextlib import suppress

from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from shebaoka.office.jobs.taking_over import SILENT_SECONDS, keep_taking_over

CONCURRENCY = 4
_GRACE_SECONDS = 15.0


async def work(*, until_input_ends: bool = False) -> None:
    """Does jobs until SIGTERM, SIGINT or, when asked, until standard input is closed; running ones then get
    15 seconds."""
    connector = app.connector
    if not isinstance(connector, DjangoConnector):
        raise TypeError("the queue is not set up by Django")
    # A queue of its own beside ``app``: what jobs ask for goes through Django's connection, in their
    # transaction, as everywhere.
    async with app.with_connector(connector.get_worker_connector()).open_async() as queue:
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
