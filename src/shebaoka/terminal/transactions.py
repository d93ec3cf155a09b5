"""Values of account load and consumption: what is asked, answered, pending after a tear, and the receipt."""

from dataclasses import dataclass
from datetime import datetime

from shebaoka.terminal.errors import DataError, TerminalError
from shebaoka.terminal.factors import CardFactors, CardIdentity

MOST = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Amounts:
    """Of one consumption in fen: from the card's account, paid by the person, paid by the pooled fund."""

    account: int
    self_pay: int = 0
    pooled: int = 0

    def __post_init__(self) -> None:
        for amount in (self.account, self.self_pay, self.pooled):
            check_amount(amount)

    @property
    def triple(self) -> tuple[int, int, int]:
        """In the order of the MACs."""
        return self.account, self.self_pay, self.pooled


@dataclass(frozen=True, slots=True)
class PendingPurchase:
    """A consumption whose outcome is not known: the card did not answer DEBIT FOR PURCHASE."""

    identity: CardIdentity
    counter: int
    amounts: Amounts
    terminal: str
    sequence: int
    time: str


@dataclass(frozen=True, slots=True)
class PurchaseReceipt:
    """A consumption that happened. ``tac`` for the host; ``verified``: the security module accepted MAC2, or
    None when it could not be asked any more (it lost its power, too)."""

    purchase: PendingPurchase
    tac: bytes
    verified: bool | None


@dataclass(frozen=True, slots=True)
class LoadRequest:
    """What the host gets: the card, the amount in fen, and the card's answer to INITIALIZE FOR LOAD."""

    identity: CardIdentity
    factors: CardFactors
    amount: int
    kind: int
    terminal: str
    balance: int
    counter: int
    key_version: int
    random: bytes
    mac1: bytes


@dataclass(frozen=True, slots=True)
class LoadApproval:
    """The host's acceptance: ``reference`` of its entry, its ``time`` YYYYMMDDhhmmss, MAC2."""

    reference: str
    time: str
    mac2: bytes


@dataclass(frozen=True, slots=True)
class PendingLoad:
    """A load that the host has approved and the card has not confirmed."""

    identity: CardIdentity
    counter: int
    amount: int
    approval: LoadApproval


@dataclass(frozen=True, slots=True)
class LoadReceipt:
    """A load that happened."""

    load: PendingLoad
    tac: bytes


class InDoubtError(TerminalError):
    """The card did not answer while money moved: insert the same card again and recover ``pending``."""

    def __init__(self, pending: PendingPurchase | PendingLoad) -> None:
        self.pending = pending
        super().__init__("transaction-in-doubt")


def check_amount(amount: int) -> None:
    """Raises DataError for an amount that does not fit four bytes."""
    if not 0 <= amount <= MOST:
        raise DataError("amount-out-of-range", most=MOST)


def cn_time(moment: datetime) -> str:
    """``YYYYMMDDhhmmss``: seven bytes cn."""
    return moment.strftime("%Y%m%d%H%M%S")
