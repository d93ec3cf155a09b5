"""How Django knows these pages of the desk."""

from django.apps import AppConfig


class Config(AppConfig):
    """The pages ``parameters`` of the desk."""

    name = "shebaoka.office.desk.parameters"
    label = "desk_parameters"
