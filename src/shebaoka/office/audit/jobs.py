"""What the chains need from time to time."""

import structlog
from django.db import transaction

from shebaoka.office.audit.bypasses import bypass_enter
from shebaoka.office.audit.checkpoints import checkpoint_take
from shebaoka.office.audit.inspection import verify_database
from shebaoka.office.audit.services import ROOT, SYSTEM, append
from shebaoka.office.base import clock
from shebaoka.office.base.jobs import job

NIGHTLY = "audit.verify"
_NIGHT = "40 18 * * *"  # 02:40 in China


@job("audit.checkpoint", cron="*/15 * * * *")
def checkpoint() -> None:
    """Signs where the chains end."""
    checkpoint_take()


@job("audit.bypass", cron="*/5 * * * *")
def bypass() -> None:
    """Brings writes past the services into the ministry's chain."""
    bypass_enter()


@job(NIGHTLY, cron=_NIGHT)
def verify() -> None:
    """Verifies everything; the result stands in the ministry's chain and, when it is bad, in the log."""
    report = verify_database()
    findings = [str(each) for each in report.findings[:20]]
    if findings:
        structlog.get_logger(__name__).error("audit chains do not hold", findings=len(report.findings))
    with transaction.atomic():
        append(
            ROOT,
            NIGHTLY,
            at=clock.now(),
            persons={"actor": SYSTEM},
            data={"rows": report.rows, "checkpoints": report.checkpoints, "findings": findings},
        )
