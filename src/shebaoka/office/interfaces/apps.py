"""How Django knows this part of the office."""

from django.apps import AppConfig


class Config(AppConfig):
    """The part ``interfaces``."""

    name = "shebaoka.office.interfaces"
    label = "interfaces"

    def ready(self) -> None:
        """The writers are known from here on."""
        from shebaoka.office.interfaces import hsm, services

        del hsm, services
