"""How Django knows this part of the office."""

from django.apps import AppConfig


class Config(AppConfig):
    """The part ``rules``."""

    name = "shebaoka.office.rules"
    label = "rules"
