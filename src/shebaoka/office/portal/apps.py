"""How Django knows the portal."""

from django.apps import AppConfig


class Config(AppConfig):
    """The pages of the portal."""

    name = "shebaoka.office.portal"
    label = "portal"
