"""How Django knows this part of the office."""

from django.apps import AppConfig


class Config(AppConfig):
    """The part ``approval``."""

    name = "shebaoka.office.approval"
    label = "approval"
