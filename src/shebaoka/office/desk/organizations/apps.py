"""How Django knows these pages of the desk."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """The pages ``organizations`` of the desk."""

    name = "shebaoka.office.desk.organizations"
    label = "desk_organizations"

    def ready(self) -> None:
        """Adds the menu entry and how codes of organizations, kinds, roles and staff are read."""
        from shebaoka.office.desk import navigation
        from shebaoka.office.desk.acts.payloads import reads
        from shebaoka.office.desk.organizations import reading

        navigation.register(navigation.Section(_("Organizations and staff"), "desk:organizations:home", 90))
        reads("organization", reading.organization)
        reads("organization-kind", reading.kind)
        reads("role", reading.role)
        reads("staff", reading.staff)
