"""How Django knows this part of the office."""

from django.apps import AppConfig


class Config(AppConfig):
    """The part ``psams``."""

    name = "shebaoka.office.psams"
    label = "psams"

    def ready(self) -> None:
        """Nobody leaves and no unit closes with PSAMs in hand; incidents learn what they touch."""
        from shebaoka.office.incidents.hooks import AFFECTED
        from shebaoka.office.organizations.hooks import BEFORE_CLOSING, BEFORE_LEAVING
        from shebaoka.office.psams.against import keeps_psams, unit_holds_psams
        from shebaoka.office.psams.neighbors import affected

        if keeps_psams not in BEFORE_LEAVING:
            BEFORE_LEAVING.append(keeps_psams)
            BEFORE_CLOSING.append(unit_holds_psams)
            AFFECTED.append(affected)
