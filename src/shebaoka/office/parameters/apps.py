"""How Django knows this part of the office."""

from django.apps import AppConfig


class Config(AppConfig):
    """The part ``parameters``."""

    name = "shebaoka.office.parameters"
    label = "parameters"

    def ready(self) -> None:
        """Gives a region's own numbers to the part that signs people in."""
        from shebaoka.office.organizations.limits import SOURCES
        from shebaoka.office.parameters.limits import own_limit

        if own_limit not in SOURCES:
            SOURCES.append(own_limit)
