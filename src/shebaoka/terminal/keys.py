"""Where a terminal gets its keys from: one protocol for PSAM, vault and hosts."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from shebaoka.spec.model import KeyEntry
from shebaoka.terminal.errors import KeyMissingError, KeySourceError
from shebaoka.terminal.factors import CardFactors

_Answer = TypeVar("_Answer")

UNNAMED: tuple[int | None, ...] = (None,)
"""What :meth:`KeySource.key_versions` gives when no version has to be named."""


@dataclass(frozen=True, slots=True)
class PurchaseOrder:
    """What MAC1 of a medical consumption covers (Part 7 §12.3). ``random`` 4 bytes and ``counter`` come from
    the card, ``amounts`` are account, self-pay and pooled in fen, ``kind`` the type byte (ASCII 32),
    ``time`` seven bytes cn, ``key_version`` and ``algorithm_code`` as the card returned them."""

    random: bytes
    counter: int
    amounts: tuple[int, int, int]
    kind: int
    time: bytes
    key_version: int
    algorithm_code: int


@dataclass(frozen=True, slots=True)
class PurchaseMac:
    """Answer of the security module: terminal sequence (4-byte number) and MAC1 (4 bytes)."""

    sequence: int
    mac1: bytes


class KeySource(Protocol):
    """Something that holds keys and answers for them without giving them out.

    All methods raise KeyMissingError when the key is not there at any level, KeySourceError otherwise.
    ``key`` is an entry of the key catalogue; ``challenge`` the card's random (4 or 8 bytes).
    """

    @property
    def name(self) -> str:
        """For messages: ``PSAM 650100000001``."""
        ...

    def terminal_number(self) -> str:
        """Twelve digits (终端机编号); zeros when there is none."""
        ...

    def origin(self, key: KeyEntry, card: CardFactors) -> str:
        """For messages: at which level and where the key was found."""
        ...

    def key_version(self, key: KeyEntry, card: CardFactors) -> int | None:
        """The version this source served, to be sent as 17th byte; None: leave it out."""
        ...

    def key_versions(self, key: KeyEntry, card: CardFactors) -> tuple[int | None, ...]:
        """The versions to offer to a card that may hold one of them only, newest first; ``(None,)`` when
        nothing has to be named: the source has one, or every card has the one it serves."""
        ...

    def authentication(
        self, key: KeyEntry, card: CardFactors, challenge: bytes, original: bytes, version: int | None = None
    ) -> bytes:
        """Eight bytes that prove ``key``: external authentication data and the expected answer of an
        internal authentication alike (Part 4 §9). ``original``: 8 bytes."""
        ...

    def mac(
        self,
        key: KeyEntry,
        card: CardFactors,
        challenge: bytes,
        message: bytes,
        version: int | None = None,
    ) -> bytes:
        """Four MAC bytes over ``message`` (header with final Lc, data), session key (Part 4 §8.2)."""
        ...

    def encrypt_and_mac(
        self,
        key: KeyEntry,
        card: CardFactors,
        challenge: bytes,
        header: bytes,
        data: bytes,
        version: int | None = None,
    ) -> bytes:
        """``encrypted data ‖ MAC4`` for the command ``header`` (CLA INS P1 P2) (Part 5 §6.8)."""
        ...

    def purchase_mac1(self, key: KeyEntry, card: CardFactors, order: PurchaseOrder) -> PurchaseMac:
        """Next terminal sequence and MAC1 (Part 9 §9.9). ``key`` is DPK."""
        ...

    def purchase_mac2(self, mac2: bytes) -> bool:
        """Whether the card's MAC2 fits the last :meth:`purchase_mac1` (Part 9 §9.10)."""
        ...


class KeyChain:
    """Several sources asked in order: first the PSAM, then the vault of the host (加密机).

    A purchase stays with the source that made its MAC1.
    """

    def __init__(self, sources: Sequence[KeySource]) -> None:
        if not sources:
            raise ValueError("a key chain needs at least one key source")
        self._sources = tuple(sources)
        self._purchase = sources[0]
        self._served: dict[str, KeySource] = {}

    @property
    def name(self) -> str:
        """Names of all sources."""
        return ", ".join(source.name for source in self._sources)

    def terminal_number(self) -> str:
        """The number of the first source that has one."""
        numbers = [source.terminal_number() for source in self._sources]
        return next((number for number in numbers if number.strip("0")), numbers[0])

    def origin(self, key: KeyEntry, card: CardFactors) -> str:
        """See KeySource."""
        return self._served.get(key.name, self._sources[0]).origin(key, card)

    def key_version(self, key: KeyEntry, card: CardFactors) -> int | None:
        """See KeySource."""
        return self._served.get(key.name, self._sources[0]).key_version(key, card)

    def key_versions(self, key: KeyEntry, card: CardFactors) -> tuple[int | None, ...]:
        """Those of the first source that names any."""
        for source in self._sources:
            with contextlib.suppress(KeySourceError):
                if (versions := source.key_versions(key, card)) != UNNAMED:
                    return versions
        return UNNAMED

    def authentication(
        self, key: KeyEntry, card: CardFactors, challenge: bytes, original: bytes, version: int | None = None
    ) -> bytes:
        """See KeySource."""
        return self._first(key, lambda source: source.authentication(key, card, challenge, original, version))

    def mac(
        self,
        key: KeyEntry,
        card: CardFactors,
        challenge: bytes,
        message: bytes,
        version: int | None = None,
    ) -> bytes:
        """See KeySource."""
        return self._first(key, lambda source: source.mac(key, card, challenge, message, version))

    def encrypt_and_mac(
        self,
        key: KeyEntry,
        card: CardFactors,
        challenge: bytes,
        header: bytes,
        data: bytes,
        version: int | None = None,
    ) -> bytes:
        """See KeySource."""
        return self._first(
            key, lambda source: source.encrypt_and_mac(key, card, challenge, header, data, version)
        )

    def purchase_mac1(self, key: KeyEntry, card: CardFactors, order: PurchaseOrder) -> PurchaseMac:
        """See KeySource."""

        def ask(source: KeySource) -> PurchaseMac:
            answer = source.purchase_mac1(key, card, order)
            self._purchase = source
            return answer

        return self._first(key, ask)

    def purchase_mac2(self, mac2: bytes) -> bool:
        """See KeySource."""
        return self._purchase.purchase_mac2(mac2)

    def _first(self, key: KeyEntry, ask: Callable[[KeySource], _Answer]) -> _Answer:
        failures: list[KeySourceError] = []
        for source in self._sources:
            try:
                answer = ask(source)
            except KeySourceError as error:
                failures.append(error)
            else:
                self._served[key.name] = source
                return answer
        raise next((f for f in failures if not isinstance(f, KeyMissingError)), failures[-1])
