"""How Django knows these pages of the desk."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """The pages ``people`` of the desk."""

    name = "shebaoka.office.desk.people"
    label = "desk_people"

    def ready(self) -> None:
        """Adds the menu entry of who searches, duplicates that wait, and how what is checked is read."""
        from shebaoka.office.desk import navigation
        from shebaoka.office.desk.acts.payloads import reads
        from shebaoka.office.desk.people import reading
        from shebaoka.office.organizations.roles import acts

        roles = frozenset(acts()["people.search"].roles)
        navigation.register(navigation.Section(_("People"), "desk:people:home", 15, roles))
        navigation.register_waiting(reading.waiting)
        reads("people-person", reading.person)
        reads("people-duplicate", reading.duplicate)
        reads("people-outcome", reading.outcome)
        reads("people-document", reading.document)
        reads("people-sex", reading.sex)
        reads("people-evidence", reading.evidence)
        reads("people-alive", reading.alive)
