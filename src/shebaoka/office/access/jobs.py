"""What is done every day about enquiry passwords: reminders to change the initial one."""

from shebaoka.office.access import selectors, services
from shebaoka.office.base.jobs import job


@job("access.reminders", cron="30 1 * * *")
def reminders() -> None:
    """At half past nine in China, when a message wakes nobody. A second time on the same day tells nobody."""
    for agency in selectors.agencies_to_remind():
        services.remind(agency)
