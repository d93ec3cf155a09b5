"""What is remembered between two steps: one open card, what it was asked, what is to be done with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from shebaoka.driver.strings import FileItems
from shebaoka.terminal.session import Session
from shebaoka.terminal.transactions import Amounts


@dataclass(frozen=True)
class Pending:
    """``session``: the card, powered; ``original``: what EXTERNAL AUTHENTICATION has to show, and ``key`` its
    name (empty: none)."""

    session: Session
    key: str = ""
    original: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Basic(Pending):
    """``proof``: the card's answer to INTERNAL AUTHENTICATION over ``shown``."""

    shown: bytes = field(default=b"", repr=False)
    proof: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Files(Pending):
    """What is to be read or written."""

    files: Sequence[FileItems] = ()


@dataclass(frozen=True)
class Pin(Pending):
    """A PIN to be reset (``reload``) or only unblocked."""

    reload: bool = False


@dataclass(frozen=True)
class PinBlock(Pending):
    """The command whose secured data is awaited: its header with Lc."""

    head: bytes = b""


@dataclass(frozen=True)
class Debit(Pending):
    """A consumption that waits for MAC1."""

    amounts: Amounts = field(default_factory=lambda: Amounts(0))
    counter: int = 0
    time: str = ""
