"""How Django knows this part of the office."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class Config(AppConfig):
    """The part ``organizations``."""

    name = "shebaoka.office.organizations"
    label = "organizations"

    def ready(self) -> None:
        """Reads the services of every part, so that each act is known before the first is called."""
        autodiscover_modules("services")
