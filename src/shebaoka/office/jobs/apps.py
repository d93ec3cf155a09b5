"""How Django knows this part of the office."""

from django.apps import AppConfig


class Config(AppConfig):
    """The part ``jobs``."""

    name = "shebaoka.office.jobs"
    label = "jobs"
