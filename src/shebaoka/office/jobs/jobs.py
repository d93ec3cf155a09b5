"""What the queue does for itself."""

from django.db import connection

from shebaoka.office.base.jobs import job

KEPT_DAYS = 90
_FORGET = """
DELETE FROM procrastinate_jobs job
WHERE job.status IN ('succeeded', 'failed', 'cancelled', 'aborted') AND NOT EXISTS (
    SELECT FROM procrastinate_events event
    WHERE event.job_id = job.id AND event.at > now() - make_interval(days => %s))
"""


@job("jobs.tidy", cron="40 19 * * *")
def tidy() -> None:
    """Forgets jobs that ended badly three months ago; those that went well go at once."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [KEPT_DAYS])
