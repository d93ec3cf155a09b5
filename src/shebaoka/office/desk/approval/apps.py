"""How Django knows these pages of the desk."""

from django.apps import AppConfig


class Config(AppConfig):
    """The pages ``approval`` of the desk."""

    name = "shebaoka.office.desk.approval"
    label = "desk_approval"
