"""How Django knows these pages of the desk."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """The pages ``enquiry`` of the desk, about the acts of ``access``."""

    name = "shebaoka.office.desk.enquiry"
    label = "desk_access"

    def ready(self) -> None:
        """Adds the menu entry and the cases that are overdue."""
        from shebaoka.office.desk import navigation
        from shebaoka.office.desk.enquiry import waiting
        from shebaoka.office.organizations.roles import acts

        seen = ("access.verification.open", "access.uniform.set", "access.figures.read")
        roles = frozenset(role for act in seen for role in acts()[act].roles)
        navigation.register(navigation.Section(_("Enquiry password"), "desk:enquiry:home", 25, roles))
        navigation.register_waiting(waiting.waiting)
