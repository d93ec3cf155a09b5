"""How Django knows these pages of the desk."""

from django.apps import AppConfig


class Config(AppConfig):
    """The pages ``custody`` of the desk."""

    name = "shebaoka.office.desk.custody"
    label = "desk_custody"
