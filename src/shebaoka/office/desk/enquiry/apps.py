"""How Django knows these pages of the desk."""

from django.apps import AppConfig


class Config(AppConfig):
    """The pages ``enquiry`` of the desk."""

    name = "shebaoka.office.desk.enquiry"
    label = "desk_access"
