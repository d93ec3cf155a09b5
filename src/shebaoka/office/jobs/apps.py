"""How Django knows this part of the office."""

from django.apps import AppConfig


class Config(AppConfig):
    """The part ``jobs``."""

    name = "shebaoka.office.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Every part's jobs are known from here on."""
        from shebaoka.office.jobs.queue import register

        register()
