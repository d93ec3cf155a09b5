"""The process that does background jobs: ``python -m shebaoka.office.server.worker``."""

import asyncio
import signal
import sys
from contextlib import suppress

from shebaoka.office.server.prepare import setup

_CONCURRENCY = 4
_GRACE = 15.0


async def work(*, until_input_ends: bool) -> None:
    """Does jobs until SIGTERM, SIGINT or, when asked, until standard input is closed."""
    from procrastinate.contrib.django import app

    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(connector):
        async with app.open_async():
            worker = asyncio.ensure_future(
                app.run_worker_async(
                    concurrency=_CONCURRENCY,
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=_GRACE,
                    delete_jobs="successful",
                )
            )
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, worker.cancel)
            if until_input_ends:
                loop.add_reader(sys.stdin.fileno(), _input_ended, worker)
            with suppress(asyncio.CancelledError):
                await worker


def _input_ended(worker: "asyncio.Future[None]") -> None:
    if not sys.stdin.buffer.raw.read(1):  # type: ignore[attr-defined]
        asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
        worker.cancel()


def main() -> None:
    """The worker, until its parent lets it go."""
    setup()
    asyncio.run(work(until_input_ends=True))


if __name__ == "__main__":
    main()
