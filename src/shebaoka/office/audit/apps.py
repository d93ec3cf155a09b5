"""How Django knows this part of the office."""

from django.apps import AppConfig


class Config(AppConfig):
    """The part ``audit``."""

    name = "shebaoka.office.audit"
    label = "audit"
