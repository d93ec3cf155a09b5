"""Jobs of workers that died: they go back into the queue."""

import asyncio

import structlog
from procrastinate import App

SILENT_SECONDS = 30.0  # a worker says every ten seconds that it lives
EVERY_SECONDS = 15.0

log = structlog.get_logger("shebaoka.jobs")


async def take_over(queue: App) -> int:
    """Puts jobs back whose worker has been silent for half a minute; gives their number."""
    stalled = list(await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS))
    for job in stalled:
        await queue.job_manager.retry_job(job)
    if stalled:
        log.warning("jobs.taken-over", count=len(stalled))
    return len(stalled)


async def keep_taking_over(queue: App) -> None:
    """That again and again, until it is cancelled. An error of the database is waited out."""
    while True:
        try:
            await take_over(queue)
        except Exception:
            log.exception("jobs.not-taken-over")
        await asyncio.sleep(EVERY_SECONDS)
