"""How Django knows these pages of the desk."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """The pages ``approval`` of the desk."""

    name = "shebaoka.office.desk.approval"
    label = "desk_approval"

    def ready(self) -> None:
        """Adds the menu entry, what waits for a reviewer, and how ids of cases are read."""
        from shebaoka.office.desk import navigation
        from shebaoka.office.desk.acts.payloads import reads
        from shebaoka.office.desk.approval import reading

        navigation.register(navigation.Section(_("Issuing approval"), "desk:approval:home", 30))
        navigation.register_waiting(reading.waiting)
        reads("approval-case", reading.case)
        reads("approval-batch", reading.batch)
        reads("approval-test", reading.test)
        reads("approval-passed", reading.passed)
