"""How Django knows this part of the office."""

from django.apps import AppConfig


class Config(AppConfig):
    """The part ``organizations``."""

    name = "shebaoka.office.organizations"
    label = "organizations"
