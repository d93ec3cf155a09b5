"""How Django knows the desk."""

from django.apps import AppConfig


class Config(AppConfig):
    """What the pages of all parts share: who acts, navigation, what waits."""

    name = "shebaoka.office.desk"
    label = "desk"
