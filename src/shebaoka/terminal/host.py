"""The host of account load: checks MAC1, debits, makes MAC2, keeps counters, reverses (Part 7 §11)."""

import hmac
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from shebaoka.crypto.medical import load_mac1, load_mac2, load_session, load_tac
from shebaoka.spec.keys import key_entry
from shebaoka.terminal.errors import HostRefusedError, KeySourceError
from shebaoka.terminal.factors import CardIdentity
from shebaoka.terminal.settings import china_now
from shebaoka.terminal.transactions import LoadApproval, LoadRequest, cn_time
from shebaoka.terminal.vault_keys import VaultKeys


class EntryKind(StrEnum):
    """What an entry of the host's journal says."""

    DEBIT = "debit"  # taken from the account, MAC2 given out
    CONFIRMATION = "confirmation"  # the card credited
    REVERSAL = "reversal"  # the card did not: given back


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal; ``reference`` binds the lines of one load together."""

    kind: EntryKind
    reference: str
    identity: CardIdentity
    counter: int
    amount: int
    time: str
    reason: str = ""
    tac: bytes = b""


class Accounts(Protocol):
    """The persons' accounts at the host, in fen."""

    def debit(self, identity: CardIdentity, amount: int) -> bool:
        """Take ``amount``; False when there is not enough."""
        ...

    def credit(self, identity: CardIdentity, amount: int) -> None:
        """Give ``amount`` back."""
        ...


class MemoryAccounts:
    """Accounts in a dictionary."""

    def __init__(self, balances: dict[CardIdentity, int]) -> None:
        self.balances = balances

    def debit(self, identity: CardIdentity, amount: int) -> bool:
        """See Accounts."""
        if self.balances.get(identity, 0) < amount:
            return False
        self.balances[identity] -= amount
        return True

    def credit(self, identity: CardIdentity, amount: int) -> None:
        """See Accounts."""
        self.balances[identity] += amount


class LoadHost:
    """``keys``: a vault that holds DLK (and DTK, to check the TAC of confirmations).

    Per card the host keeps the load counter it expects; the first one it sees counts. A pending load of the
    same card is settled by its next counter: unchanged means that nothing happened, one more that it did.
    """

    def __init__(
        self, keys: VaultKeys, accounts: Accounts, clock: Callable[[], datetime] = china_now
    ) -> None:
        self._keys = keys
        self._accounts = accounts
        self._clock = clock
        self._numbers = itertools.count(1)
        self._counters: dict[CardIdentity, int] = {}
        self._open: dict[str, tuple[LoadRequest, str]] = {}
        self.journal: list[Entry] = []

    def counter(self, identity: CardIdentity) -> int | None:
        """The load counter the host expects of a card next; None before its first load here."""
        return self._counters.get(identity)

    def authorize(self, request: LoadRequest) -> LoadApproval:
        """See LoadAuthority. Raises HostRefusedError: wrong MAC1, unexpected counter, too little money."""
        dlk = self._keys.card_key(
            key_entry("DLK", request.factors.generation), request.factors, request.key_version
        )
        session = load_session(dlk, request.random, request.counter)
        terminal = bytes.fromhex(request.terminal)
        expected = load_mac1(session, request.balance, request.amount, request.kind, terminal)
        if not hmac.compare_digest(expected, request.mac1):
            raise HostRefusedError("host-mac1-wrong")
        self._settle_pending(request)
        known = self._counters.get(request.identity, request.counter)
        if request.counter != known:
            raise HostRefusedError("host-counter", counter=request.counter, expected=known)
        if not self._accounts.debit(request.identity, request.amount):
            raise HostRefusedError("host-insufficient-funds")
        reference, time = f"L{next(self._numbers):08d}", cn_time(self._clock())
        mac2 = load_mac2(session, request.amount, request.kind, terminal, bytes.fromhex(time))
        self._counters[request.identity] = request.counter + 1
        self._open[reference] = (request, time)
        self._write(EntryKind.DEBIT, reference, request, time)
        return LoadApproval(reference, time, mac2)

    def confirm(self, reference: str, tac: bytes) -> None:
        """See LoadAuthority; a second time it does nothing. Raises HostRefusedError when the vault holds DTK
        and the TAC is wrong: the debit then stays open for inquiry."""
        if reference not in self._open:
            self._known(reference)
            return
        request, time = self._open[reference]
        if not self._tac_fits(request, time, tac):
            raise HostRefusedError("host-tac-wrong", reference=reference)
        del self._open[reference]
        self._write(EntryKind.CONFIRMATION, reference, request, time, tac=tac)

    def reverse(self, reference: str, reason: str) -> None:
        """See LoadAuthority; a second time it does nothing."""
        if reference not in self._open:
            self._known(reference)
            return
        request, time = self._open.pop(reference)
        self._accounts.credit(request.identity, request.amount)
        self._counters[request.identity] = request.counter
        self._write(EntryKind.REVERSAL, reference, request, time, reason=reason)

    def pending(self, identity: CardIdentity) -> tuple[str, ...]:
        """References of loads of a card that are neither confirmed nor reversed."""
        return tuple(ref for ref, (request, _) in self._open.items() if request.identity == identity)

    def _settle_pending(self, request: LoadRequest) -> None:
        for reference in self.pending(request.identity):
            old, time = self._open[reference]
            if request.counter == old.counter:
                self.reverse(reference, "the card came back with the same counter: nothing was credited")
            elif request.counter == old.counter + 1:
                del self._open[reference]
                reason = "the card came back with the next counter: it was credited"
                self._write(EntryKind.CONFIRMATION, reference, old, time, reason=reason)

    def _tac_fits(self, request: LoadRequest, time: str, tac: bytes) -> bool:
        try:
            dtk = self._keys.card_key(key_entry("DTK", request.factors.generation), request.factors)
        except KeySourceError:
            return True  # this host leaves the TAC to a later check (Part 7 §11.9)
        expected = load_tac(
            dtk,
            request.balance + request.amount,
            request.counter,
            request.amount,
            request.kind,
            bytes.fromhex(request.terminal),
            bytes.fromhex(time),
        )
        return hmac.compare_digest(expected, tac)

    def _known(self, reference: str) -> None:
        if all(entry.reference != reference for entry in self.journal):
            raise HostRefusedError("host-reference-unknown", reference=reference)

    def _write(
        self,
        kind: EntryKind,
        reference: str,
        request: LoadRequest,
        time: str,
        *,
        reason: str = "",
        tac: bytes = b"",
    ) -> None:
        self.journal.append(
            Entry(kind, reference, request.identity, request.counter, request.amount, time, reason, tac)
        )
