"""How Django knows these pages of the desk."""

from django.apps import AppConfig


class Config(AppConfig):
    """The pages ``psams`` of the desk."""

    name = "shebaoka.office.desk.psams"
    label = "desk_psams"
