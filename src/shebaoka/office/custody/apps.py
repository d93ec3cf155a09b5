"""How Django knows this part of the office."""

from django.apps import AppConfig


class Config(AppConfig):
    """The part ``custody``."""

    name = "shebaoka.office.custody"
    label = "custody"

    def ready(self) -> None:
        """Nobody leaves and no body closes while carriers depend on them; the parts below are asked and
        told."""
        from shebaoka.office.custody import affected, hooks, neighbors
        from shebaoka.office.custody.against import body_holds_carriers, holds_carriers
        from shebaoka.office.incidents.hooks import AFFECTED, ROTATIONS
        from shebaoka.office.organizations.hooks import BEFORE_CLOSING, BEFORE_LEAVING

        if holds_carriers not in BEFORE_LEAVING:
            BEFORE_LEAVING.append(holds_carriers)
            BEFORE_CLOSING.append(body_holds_carriers)
            hooks.MISSING_RULES.append(neighbors.lacking_rules)
            hooks.INCIDENTS.append(neighbors.tell_incidents)
            hooks.APPROVED.append(neighbors.approved)
            hooks.KEYS_RECEIVED.append(neighbors.tell_approval)
            AFFECTED.append(affected.affected)
            ROTATIONS.append(affected.rotate)
