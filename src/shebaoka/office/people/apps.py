"""How Django knows this part of the office."""

from django.apps import AppConfig


class Config(AppConfig):
    """The part ``people``."""

    name = "shebaoka.office.people"
    label = "people"
