"""How Django knows this part of the office."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from shebaoka.office.audit.truncation import watch


class Config(AppConfig):
    """The part ``audit``."""

    name = "shebaoka.office.audit"
    label = "audit"

    def ready(self) -> None:
        """Has the tables of every part watched whenever the schema changed."""
        post_migrate.connect(watch, sender=self)
