"""What is done every day about PSAMs without anybody asking: reminders, deadlines, ends of validity."""

from contextlib import suppress

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.jobs import job
from shebaoka.office.organizations.actor import system
from shebaoka.office.psams import selectors, services


@job("psams.deadlines", cron="10 17 * * *")
def deadlines() -> None:
    """Expires, freezes what was not handed in, reminds. What changed meanwhile is left alone."""
    day = clock.today()
    for psam in selectors.psams_to_expire(day):
        with suppress(Refusal):
            services.psam_expire(system(psam.owner), serial=psam.serial)
    for line in selectors.recalls_to_freeze(day):
        with suppress(Refusal):
            services.recall_freeze(system(line.psam.owner), line=line)
    for line in selectors.recalls_to_remind(day):
        with suppress(Refusal):
            services.recall_remind(system(line.recall.organization), line=line)
