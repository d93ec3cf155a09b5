"""Django's ``migrate``, quicker."""

from typing import Any

from django.core.management.commands import migrate

from shebaoka.office.base.lean_state import lean_state


class Command(migrate.Command):
    """Brings the tables up to date."""

    def handle(self, *words: Any, **options: Any) -> str | None:
        """As Django's."""
        with lean_state():
            return super().handle(*words, **options)
