"""How Django knows this part of the office."""

from django.apps import AppConfig


class Config(AppConfig):
    """The part ``custody``."""

    name = "shebaoka.office.custody"
    label = "custody"

    def ready(self) -> None:
        """Nobody leaves and no body closes while carriers depend on them."""
        from shebaoka.office.custody.against import body_holds_carriers, holds_carriers
        from shebaoka.office.organizations.hooks import BEFORE_CLOSING, BEFORE_LEAVING

        if holds_carriers not in BEFORE_LEAVING:
            BEFORE_LEAVING.append(holds_carriers)
            BEFORE_CLOSING.append(body_holds_carriers)
