"""The declared jobs as tasks of procrastinate, which keeps them in tables of the same database.

procrastinate's own lock against waiting twice is not used: a job that is to be tried again while another of
the kind waits would stay where it is for ever."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.module_loading import autodiscover_modules
from procrastinate import App, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob

from shebaoka.office.base.jobs import JOBS, Job, connect
from shebaoka.office.jobs.running import run

QUEUE = "office"
_asking = App(connector=DjangoConnector())  # through Django's connection, in the worker too: one transaction
_PAUSE_BASE = 4  # seconds: 4, 16, 64, ... between tries


def register() -> None:
    """Every declared job becomes a task; the worker puts those with a time of their own into the queue."""
    autodiscover_modules("jobs")
    for job in JOBS.values():
        if job.name not in app.tasks:
            _add(job)
    connect(_defer)


def _add(job: Job) -> None:
    retry = RetryStrategy(max_attempts=job.retries, exponential_wait=_PAUSE_BASE) if job.retries else False
    task = app.task(name=job.name, queue=QUEUE, retry=retry, lock=_lock(job))(_body(job))
    if job.cron:
        app.periodic(cron=job.cron, periodic_id=job.name)(task)


def _lock(job: Job) -> str | None:
    """One that comes by itself is never done twice at a time."""
    return job.name if job.cron else None


def _body(job: Job) -> Callable[..., None]:
    def body(timestamp: int | None = None, **values: Any) -> None:
        run(job, values)

    return body


def _defer(name: str, values: Mapping[str, Any], once: str | None, at: datetime | None) -> None:
    lock = _lock(JOBS[name]) if once is None else f"{name}:{once}"
    if once is not None and ProcrastinateJob.objects.filter(lock=lock, status="todo").exists():
        return
    asked = _asking.configure_task(name, allow_unknown=True, queue=QUEUE, lock=lock, schedule_at=at)
    asked.defer(**values)
