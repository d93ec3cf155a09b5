"""How Django knows these pages of the desk."""

from django.apps import AppConfig


class Config(AppConfig):
    """The pages ``entrance`` of the desk."""

    name = "shebaoka.office.desk.entrance"
    label = "desk_entrance"
