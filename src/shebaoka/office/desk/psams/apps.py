"""How Django knows these pages of the desk."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """The pages ``psams`` of the desk."""

    name = "shebaoka.office.desk.psams"
    label = "desk_psams"

    def ready(self) -> None:
        """Adds the menu entry, what waits for a person, and how values are read."""
        from shebaoka.office.desk import navigation
        from shebaoka.office.desk.acts.payloads import reads
        from shebaoka.office.desk.psams import reading
        from shebaoka.office.desk.psams.waiting import to_do

        navigation.register(navigation.Section(_("PSAMs"), "desk:psams:home", 50))
        navigation.register_waiting(to_do)
        reads("psam-purpose", reading.purpose)
        reads("psam-key-level", reading.level)
        reads("psam-recall-reason", reading.recall_reason)
        reads("psam-yes-no", reading.yes_no)
