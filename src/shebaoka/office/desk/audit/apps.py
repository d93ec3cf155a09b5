"""How Django knows these pages of the desk."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """The pages ``audit`` of the desk."""

    name = "shebaoka.office.desk.audit"
    label = "desk_audit"

    def ready(self) -> None:
        """Adds the menu entry of who may read the record."""
        from shebaoka.office.desk import navigation
        from shebaoka.office.organizations.roles import acts

        roles = frozenset(acts()["organizations.audit.read"].roles)
        navigation.register(navigation.Section(_("Audit record"), "desk:audit:home", 90, roles))
