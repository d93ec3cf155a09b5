"""How Django knows these pages of the desk."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """The pages ``rules`` of the desk."""

    name = "shebaoka.office.desk.rules"
    label = "desk_rules"

    def ready(self) -> None:
        """Adds the menu entry, what waits, and how documents are read in the content of acts."""
        from shebaoka.office.desk import navigation
        from shebaoka.office.desk.acts.payloads import reads
        from shebaoka.office.desk.rules.waiting import document, tasks

        navigation.register(navigation.Section(_("Rules and plans"), "desk:rules:home", 35))
        navigation.register_waiting(tasks)
        reads("rules-document", document)
