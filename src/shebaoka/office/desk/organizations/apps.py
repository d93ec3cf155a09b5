"""How Django knows these pages of the desk."""

from django.apps import AppConfig


class Config(AppConfig):
    """The pages ``organizations`` of the desk."""

    name = "shebaoka.office.desk.organizations"
    label = "desk_organizations"
