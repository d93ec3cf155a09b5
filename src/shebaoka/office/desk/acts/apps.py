"""How Django knows these pages of the desk."""

from django.apps import AppConfig


class Config(AppConfig):
    """The pages ``acts`` of the desk."""

    name = "shebaoka.office.desk.acts"
    label = "desk_acts"
