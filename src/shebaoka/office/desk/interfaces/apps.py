"""How Django knows these pages of the desk."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """The pages ``interfaces`` of the desk."""

    name = "shebaoka.office.desk.interfaces"
    label = "desk_interfaces"

    def ready(self) -> None:
        """Adds the menu entry, and how scopes are read."""
        from shebaoka.office.desk import navigation
        from shebaoka.office.desk.acts.payloads import reads
        from shebaoka.office.desk.interfaces import ACTS, reading
        from shebaoka.office.organizations.roles import acts

        roles = frozenset(role for act in ACTS for role in acts()[act].roles)
        navigation.register(navigation.Section(_("Interface tokens"), "desk:interfaces:home", 92, roles))
        reads("interface-scope", reading.scope)
        reads("interface-employer", reading.employer)
