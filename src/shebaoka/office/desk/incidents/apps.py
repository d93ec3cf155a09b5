"""How Django knows these pages of the desk."""

from django.apps import AppConfig


class Config(AppConfig):
    """The pages ``incidents`` of the desk."""

    name = "shebaoka.office.desk.incidents"
    label = "desk_incidents"
