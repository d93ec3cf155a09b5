"""How Django knows these pages of the desk."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """The pages ``parameters`` of the desk."""

    name = "shebaoka.office.desk.parameters"
    label = "desk_parameters"

    def ready(self) -> None:
        """Adds the menu entry and how keys of parameters are read."""
        from shebaoka.office.desk import navigation
        from shebaoka.office.desk.acts.payloads import reads
        from shebaoka.office.desk.parameters import reading

        navigation.register(navigation.Section(_("Parameters and rules"), "desk:parameters:home", 80))
        reads("parameter", reading.parameter)
        reads("source", reading.source)
