"""How Django knows this part of the office."""

from django.apps import AppConfig


class Config(AppConfig):
    """The part ``parameters``."""

    name = "shebaoka.office.parameters"
    label = "parameters"
