"""What is counted and measured, for Prometheus at /metrics.

Server and worker processes add up in files of one folder (``PROMETHEUS_MULTIPROC_DIR``, set by ``serve``);
what the database knows is asked for when somebody looks. No label holds anything about a person."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30)

_registry = CollectorRegistry()
REQUESTS = Counter(
    "shebaoka_requests",
    "Requests by page, method and status",
    ("route", "method", "status"),
    registry=_registry,
)
REQUEST_SECONDS = Histogram(
    "shebaoka_request_seconds", "Time to answer", ("route",), registry=_registry, buckets=_SECONDS
)
JOBS_DONE = Counter("shebaoka_jobs", "Background jobs by outcome", ("job", "outcome"), registry=_registry)
JOB_SECONDS = Histogram(
    "shebaoka_job_seconds", "Time of background jobs", ("job",), registry=_registry, buckets=_SECONDS
)

_GAUGES = """
SELECT 'shebaoka_audit_rows', '', sum(sequence) FROM audit_chain
UNION ALL SELECT 'shebaoka_audit_chains', '', count(*) FROM audit_chain
UNION ALL SELECT 'shebaoka_audit_bypasses', '', count(*) FROM audit_bypass
UNION ALL SELECT 'shebaoka_acts_waiting', '', count(*) FROM organizations_twopersonact
    WHERE decision = 'waiting'
UNION ALL SELECT 'shebaoka_queue', status::text, count(*) FROM procrastinate_jobs GROUP BY status
UNION ALL SELECT 'shebaoka_workers', '', count(*) FROM procrastinate_workers
    WHERE last_heartbeat > now() - interval '30 seconds'
UNION ALL SELECT 'shebaoka_database_bytes', '', pg_database_size(current_database())
UNION ALL SELECT 'shebaoka_database_connections', '', count(*) FROM pg_stat_activity
    WHERE datname = current_database()
"""
_WORDS = {
    "shebaoka_audit_rows": "Rows of all audit chains",
    "shebaoka_audit_chains": "Audit chains",
    "shebaoka_audit_bypasses": "Writes that came past the services",
    "shebaoka_acts_waiting": "Acts that wait for a second person",
    "shebaoka_queue": "Background jobs in the queue",
    "shebaoka_workers": "Workers that live",
    "shebaoka_database_bytes": "Size of the database",
    "shebaoka_database_connections": "Connections to the database",
    "shebaoka_database_up": "Whether the database answers",
    "shebaoka_disk_free_bytes": "Room left where the office's folder is",
}


class Database(Collector):
    """What the database and the disk say now."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One family a name; without a database what can be said without it."""
        from django.db import DatabaseError, connection

        rows: list[tuple[str, str, int]] = []
        try:
            with connection.cursor() as cursor:
                cursor.execute(_GAUGES)
                rows += cursor.fetchall()
        except DatabaseError:
            rows = []
        rows.append(("shebaoka_database_up", "", 1 if rows else 0))
        rows.append(("shebaoka_disk_free_bytes", "", shutil.disk_usage(self._folder).free))
        families: dict[str, GaugeMetricFamily] = {}
        for name, label, value in rows:
            labels = ["status"] if label else []
            family = families.setdefault(name, GaugeMetricFamily(name, _WORDS[name], labels=labels))
            family.add_metric([label] if label else [], float(value or 0))
        yield from families.values()


def exposition(folder: Path) -> bytes:
    """Everything, in Prometheus' text format. ``folder``: the office's."""
    collected = CollectorRegistry()
    if os.environ.get(FOLDER):
        multiprocess.MultiProcessCollector(collected)  # type: ignore[no-untyped-call]
    else:
        collected = _registry
    asked = CollectorRegistry()
    asked.register(Database(folder))
    return generate_latest(collected) + generate_latest(asked)


def begin(folder: Path) -> None:
    """Counts start at zero: empties the folder of the counters and names it to this process's children."""
    path = folder / "metrics"
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(mode=0o700, parents=True)
    os.environ[FOLDER] = str(path)
