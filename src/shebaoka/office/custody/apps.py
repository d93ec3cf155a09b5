"""How Django knows this part of the office."""

from django.apps import AppConfig


class Config(AppConfig):
    """The part ``custody``."""

    name = "shebaoka.office.custody"
    label = "custody"
