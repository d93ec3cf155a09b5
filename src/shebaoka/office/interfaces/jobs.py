"""Answers with an idempotency key are kept for some days."""

from datetime import timedelta

from shebaoka.office.base import clock
from shebaoka.office.base.jobs import job
from shebaoka.office.base.records import writing
from shebaoka.office.interfaces.models import Answered

KEPT = timedelta(days=7)


@job("interfaces.forget", cron="20 19 * * *")  # 03:20 in China
def forget() -> None:
    """Old answers; who repeats a question after that is told by the registers themselves."""
    with writing("interfaces.forget"):
        Answered.objects.filter(at__lt=clock.now() - KEPT).delete()
