"""How Django knows these pages of the desk."""

from django.apps import AppConfig


class Config(AppConfig):
    """The pages ``rules`` of the desk."""

    name = "shebaoka.office.desk.rules"
    label = "desk_rules"
