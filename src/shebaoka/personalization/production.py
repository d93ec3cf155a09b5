"""The production line: one prepared card after the other onto blank chips, each end noted once."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from shebaoka.personalization.audit import AuditLog
from shebaoka.personalization.errors import LoadError
from shebaoka.personalization.journal import Appender
from shebaoka.personalization.load import ApplicationResult, Loader
from shebaoka.personalization.prepare import PreparedCard
from shebaoka.personalization.state import AUDIT, PROGRESS, Progress
from shebaoka.personalization.supply import Supply
from shebaoka.vault.model import Blocks

ATTEMPTS = 2
"""How often a card is tried on a blank chip before its row is marked failed."""


class ProductionLine:
    """Makes cards of one batch. Several processes may share the files: every entry is one write."""

    def __init__(
        self, directory: Path, batch: str, loader: Loader, supply: Supply, clock: Callable[[], datetime]
    ) -> None:
        self._loader = loader
        self._supply = supply
        self._clock = clock
        self._progress = Appender(directory / PROGRESS)
        self._audit = AuditLog(directory / AUDIT, batch, clock)

    def make(self, card: PreparedCard, blocks: Blocks) -> None:
        """Makes one card, or notes why not."""
        try:
            if self._supply.holds(card):
                self._audit.found(card, len(self._loader.keys.slots))
                self._end(card, "made")
                return
            results = self._attempts(card, blocks)
        except LoadError as error:
            self._audit.failed(card, str(error))
            self._end(card, "failed", str(error))
            return
        self._audit.made(card, results, len(self._loader.keys.slots))
        self._end(card, "made")

    def close(self) -> None:
        """Closes progress and audit."""
        self._progress.close()
        self._audit.close()

    def _attempts(self, card: PreparedCard, blocks: Blocks) -> list[ApplicationResult]:
        for attempt in range(1, ATTEMPTS + 1):
            reader = self._supply.blank(card)
            try:
                results = self._loader.load(reader, card, blocks)
                self._supply.finish(card, reader)
            except LoadError:
                self._supply.abandon(reader)
                if attempt == ATTEMPTS:
                    raise
                continue
            except BaseException:
                reader.close()
                raise
            return results
        raise AssertionError("unreachable")

    def _end(self, card: PreparedCard, status: Literal["made", "failed"], reason: str = "") -> None:
        versions = self._loader.keys.versions if status == "made" else ""
        entry = Progress(card.serial, status, self._clock().date(), reason, versions)
        self._progress.append(msgspec.msgpack.encode(entry))
