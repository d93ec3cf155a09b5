"""Watches the own PostgreSQL while the office serves, and starts it again when it was killed."""

import threading
from pathlib import Path

import structlog

from shebaoka.office import postgres
from shebaoka.office.configuration import ConfigurationError

EVERY_SECONDS = 2.0

log = structlog.get_logger("shebaoka.database")


class DatabaseKeeper:
    """A watch that lives as long as this object."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="database", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the watch, before the server is stopped."""
        self._stopping.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stopping.wait(EVERY_SECONDS):
            try:
                if postgres.revive(self._folder):
                    log.warning("database.started-again")
            except (ConfigurationError, OSError):
                log.exception("database.does-not-start")
