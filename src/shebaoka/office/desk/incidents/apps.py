"""How Django knows these pages of the desk."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """The pages ``incidents`` of the desk."""

    name = "shebaoka.office.desk.incidents"
    label = "desk_incidents"

    def ready(self) -> None:
        """Adds the menu entry, what waits, and how secrecy levels are read."""
        from shebaoka.office.desk import navigation
        from shebaoka.office.desk.acts.payloads import reads
        from shebaoka.office.desk.incidents.waiting import reports
        from shebaoka.office.incidents.choices import Secrecy

        navigation.register(navigation.Section(_("Incidents"), "desk:incidents:home", 70))
        navigation.register_waiting(reports)
        reads("secrecy", lambda actor, value: Secrecy(value).label)
