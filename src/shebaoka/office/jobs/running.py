"""One job, done in a thread of the worker: logged and counted, by name and outcome."""

import time
from collections.abc import Mapping
from typing import Any

import structlog

from shebaoka.office.base.jobs import Job
from shebaoka.office.operations.metrics import JOB_SECONDS, JOBS_DONE

log = structlog.get_logger("shebaoka.jobs")


def run(job: Job, values: Mapping[str, Any]) -> None:
    """Does it. Raises what it raises: the queue then tries again or gives up."""
    began = time.perf_counter()
    with structlog.contextvars.bound_contextvars(job=job.name):
        try:
            job.function(**values)
        except Exception:
            JOBS_DONE.labels(job.name, "failed").inc()
            log.exception("job.failed")
            raise
        else:
            JOBS_DONE.labels(job.name, "done").inc()
            log.info("job.done", ms=round((time.perf_counter() - began) * 1000))
        finally:
            JOB_SECONDS.labels(job.name).observe(time.perf_counter() - began)
