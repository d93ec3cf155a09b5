"""How Django knows these pages of the desk."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """The pages ``custody`` of the desk."""

    name = "shebaoka.office.desk.custody"
    label = "desk_custody"

    def ready(self) -> None:
        """Adds the menu entry, what waits, and how values of this part are read."""
        from shebaoka.office.desk import navigation
        from shebaoka.office.desk.acts.payloads import reads
        from shebaoka.office.desk.custody import home, reading

        section = navigation.Section(_("Keys and carriers"), "desk:custody:home", 40, home.ROLES)
        navigation.register(section)
        navigation.register_waiting(home.waiting)
        for name, reader in reading.READERS.items():
            reads(name, reader)
