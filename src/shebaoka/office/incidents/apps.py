"""How Django knows this part of the office."""

from django.apps import AppConfig


class Config(AppConfig):
    """The part ``incidents``."""

    name = "shebaoka.office.incidents"
    label = "incidents"
