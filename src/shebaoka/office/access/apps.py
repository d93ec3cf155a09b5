"""How Django knows this part of the office."""

from django.apps import AppConfig


class Config(AppConfig):
    """The part ``access``."""

    name = "shebaoka.office.access"
    label = "access"
