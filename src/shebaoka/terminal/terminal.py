"""The terminal as one object: a card slot, keys and settings. A thin front; the flows are functions."""

from dataclasses import dataclass, field

from shebaoka.reader.base import Reader
from shebaoka.terminal import load, purchase
from shebaoka.terminal.errors import KeySourceError
from shebaoka.terminal.factors import CardIdentity
from shebaoka.terminal.keys import KeySource
from shebaoka.terminal.load import LoadAuthority
from shebaoka.terminal.preprocess import open_session
from shebaoka.terminal.session import Session
from shebaoka.terminal.settings import Settings
from shebaoka.terminal.transactions import (
    LoadReceipt,
    PendingLoad,
    PendingPurchase,
    PurchaseReceipt,
)


@dataclass
class Terminal:
    """``reader``: the slot of the user card, of any kind; ``keys``: PSAM, vault or chain, None for a terminal
    that only reads free data (then ``settings.authenticate`` must be False)."""

    reader: Reader
    keys: KeySource | None = None
    settings: Settings = field(default_factory=Settings)
    _current: Session | None = field(default=None, init=False, repr=False)

    def open(self, expected: CardIdentity | None = None) -> Session:
        """Pre-processing of the card in the slot: see :func:`shebaoka.terminal.preprocess.open_session`. A
        session opened before ends."""
        self._end()
        self._current = open_session(self.reader, self.keys, self.settings, expected=expected)
        return self._current

    def recover_purchase(self, pending: PendingPurchase) -> PurchaseReceipt | None:
        """See :func:`shebaoka.terminal.purchase.recover`."""
        if self.keys is None:
            raise KeySourceError("no-key-source")
        self._end()
        return purchase.recover(self.reader, self.keys, self.settings, pending)

    def recover_load(self, pending: PendingLoad, host: LoadAuthority) -> LoadReceipt | None:
        """See :func:`shebaoka.terminal.load.recover`."""
        self._end()
        return load.recover(self.reader, self.settings, pending, host)

    def close(self) -> None:
        """Power the card off."""
        self._end()
        self.reader.close()

    def _end(self) -> None:
        if self._current is not None:
            self._current.ended = True
            self._current = None
