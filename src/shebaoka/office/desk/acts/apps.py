"""How Django knows these pages of the desk."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """The pages ``acts`` of the desk."""

    name = "shebaoka.office.desk.acts"
    label = "desk_acts"

    def ready(self) -> None:
        """Adds the menu entry, and what waits to be checked."""
        from shebaoka.office.desk import navigation
        from shebaoka.office.desk.acts.waiting import to_check

        navigation.register(navigation.Section(_("What waits for you"), "desk:home", 10))
        navigation.register(navigation.Section(_("Acts of two persons"), "desk:acts:home", 20))
        navigation.register_waiting(to_check)
