"""How Django knows these pages of the desk."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """The pages ``cards`` of the desk."""

    name = "shebaoka.office.desk.cards"
    label = "desk_cards"

    def ready(self) -> None:
        """Adds the menu entry, what waits, and how values of proposals are read."""
        from shebaoka.office.desk import navigation
        from shebaoka.office.desk.acts.payloads import reads
        from shebaoka.office.desk.cards.common import batch_read
        from shebaoka.office.desk.cards.sites import certificate_read, site_read
        from shebaoka.office.desk.cards.waiting import to_do

        navigation.register(navigation.Section(_("Cards"), "desk:cards:home", 25))
        navigation.register_waiting(to_do)
        reads("card-batch", batch_read)
        reads("card-site", site_read)
        reads("card-certificate", certificate_read)
