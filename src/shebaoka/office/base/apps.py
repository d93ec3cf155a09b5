"""How Django knows this part of the office."""

from django.apps import AppConfig


class Config(AppConfig):
    """The part ``base``."""

    name = "shebaoka.office.base"
    label = "base"
