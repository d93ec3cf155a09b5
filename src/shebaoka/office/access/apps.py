"""How Django knows this part of the office."""

from django.apps import AppConfig


class Config(AppConfig):
    """The part ``access``."""

    name = "shebaoka.office.access"
    label = "access"

    def ready(self) -> None:
        """What lower parts tell a holder goes to her messages."""
        from shebaoka.office.access.services.messages import tell_if_known, tell_of_change
        from shebaoka.office.people.hooks import AFTER_CHANGE, TELL

        if tell_if_known not in TELL:
            TELL.append(tell_if_known)
            AFTER_CHANGE.append(tell_of_change)
