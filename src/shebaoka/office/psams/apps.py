"""How Django knows this part of the office."""

from django.apps import AppConfig


class Config(AppConfig):
    """The part ``psams``."""

    name = "shebaoka.office.psams"
    label = "psams"
