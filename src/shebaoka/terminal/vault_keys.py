"""Keys from a vault: the route over a host (加密机) when no PSAM is at hand or holds the key."""

import hmac
import threading
from collections.abc import Callable
from pathlib import Path

from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.crypto.formulas import authentication_data, encrypt_data, mac, session_key
from shebaoka.crypto.medical import purchase_mac1, purchase_mac2, purchase_session
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import KeyEntry
from shebaoka.terminal.errors import KeyMissingError, KeySourceError, WrongRegionError
from shebaoka.terminal.factors import CardFactors
from shebaoka.terminal.keys import UNNAMED, PurchaseMac, PurchaseOrder
from shebaoka.terminal.psam_info import NO_TERMINAL
from shebaoka.vault.lifecycle import serving
from shebaoka.vault.lives import StateError
from shebaoka.vault.model import KeyHandle, KeyNotFoundError, Level, Vault
from shebaoka.vault.states import Use


class Sequence:
    """Terminal transaction sequence (终端交易序号): four bytes, strictly increasing, never repeated.

    With ``path`` the next number is written before it is used, so that a crash skips one instead of
    repeating it. Raises ValueError for a damaged file.
    """

    def __init__(self, path: Path | None = None, last: int = 0) -> None:
        self._path = path
        self._last = last
        self._lock = threading.Lock()
        if path is not None and path.exists():
            content = path.read_text("ascii").strip()
            if not content.isdecimal():
                raise ValueError(f"{path}: a terminal sequence file holds one decimal number; restore it")
            self._last = int(content)

    def __call__(self) -> int:
        """The next number."""
        with self._lock:
            self._last += 1
            if self._path is not None:
                scratch = self._path.with_suffix(".new")
                scratch.write_text(f"{self._last}\n", "ascii")
                scratch.replace(self._path)
            return self._last


class VaultKeys:
    """A key source over a vault of any level: a ministry's computes three diversifications, a city's one.

    ``terminal``: twelve digits, zeros in host mode; ``sequence`` numbers purchases (see Sequence).
    """

    def __init__(
        self, vault: Vault, terminal: str = NO_TERMINAL, sequence: Callable[[], int] | None = None
    ) -> None:
        self._vault = vault
        self._terminal = terminal
        self._sequence = sequence or Sequence()
        self._expected: bytes | None = None

    @property
    def name(self) -> str:
        """Whose vault it is."""
        return f"vault of {self._vault.owner}"

    def terminal_number(self) -> str:
        """See KeySource."""
        return self._terminal

    def origin(self, key: KeyEntry, card: CardFactors) -> str:
        """See KeySource."""
        return f"level {self._vault.owner.level}, {self.name}"

    def key_version(self, key: KeyEntry, card: CardFactors) -> int | None:
        """None: the vault serves every version it holds, version 1 unless told otherwise."""
        return None

    def key_versions(self, key: KeyEntry, card: CardFactors) -> tuple[int | None, ...]:
        """Every version that serves, newest first. None to be named while all are the groups that every card
        of the catalogue has from the start, version 1 among them."""
        family = _family(card)
        served = {handle.version for handle in serving(self._vault, key.name, family, Use.SERVE)}
        made = {handle.version for handle in serving(self._vault, key.name, family, Use.CARDS)}
        first_groups = 1 in served and served == made and max(served) <= key.versions
        if first_groups or not served:
            return UNNAMED
        return tuple(sorted(served, reverse=True))

    def authentication(
        self, key: KeyEntry, card: CardFactors, challenge: bytes, original: bytes, version: int | None = None
    ) -> bytes:
        """See KeySource."""
        return authentication_data(session_key(self.card_key(key, card, version or 1), challenge), original)

    def mac(
        self,
        key: KeyEntry,
        card: CardFactors,
        challenge: bytes,
        message: bytes,
        version: int | None = None,
    ) -> bytes:
        """See KeySource."""
        return mac(session_key(self.card_key(key, card, version or 1), challenge), message)

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
        session = session_key(self.card_key(key, card, version or 1), challenge)
        secret = encrypt_data(session, data)
        return secret + mac(session, header + bytes((len(secret) + 4,)) + secret)

    def purchase_mac1(self, key: KeyEntry, card: CardFactors, order: PurchaseOrder) -> PurchaseMac:
        """See KeySource."""
        dpk = self.card_key(key, card, order.key_version)
        number = self._sequence()
        session = purchase_session(dpk, order.random, order.counter, number)
        terminal = bytes.fromhex(self._terminal)
        self._expected = purchase_mac2(session, order.amounts)
        return PurchaseMac(number, purchase_mac1(session, order.amounts, order.kind, terminal, order.time))

    def purchase_mac2(self, mac2: bytes) -> bool:
        """See KeySource."""
        if self._expected is None:
            raise KeySourceError("purchase-not-waiting", source=self.name)
        expected, self._expected = self._expected, None
        return hmac.compare_digest(mac2, expected)

    def card_key(self, key: KeyEntry, card: CardFactors, version: int = 1) -> BlockCipher:
        """The card's own key as an opaque cipher. Raises KeyMissingError, WrongRegionError."""
        handle = self._handle(key, card, version)
        owner = handle.owner
        if owner.code and not card.city_code.startswith(owner.code):
            raise WrongRegionError(
                "key-wrong-region", key=key.name, place=owner.level, source=self.name, city=card.city_code
            )
        if handle.level is Level.CARD:
            raise KeySourceError("key-of-one-card", key=key.name, source=self.name)
        return self._vault.cipher(handle, *card.downward(handle.level.steps_left))

    def _handle(self, key: KeyEntry, card: CardFactors, version: int) -> KeyHandle:
        try:
            handle = self._vault.find(key.name, version, _family(card))
            self._vault.check(handle, Use.SERVE)
            return handle
        except StateError as error:
            raise KeySourceError("key-out-of-use", reason=str(error), source=self.name) from error
        except KeyNotFoundError as error:
            raise KeyMissingError(
                "key-missing-vault", key=key.name, use=key.use, version=version, source=self.name
            ) from error


def _family(card: CardFactors) -> Algorithm:
    """The key set of the card's cipher."""
    return Algorithm.SM4 if card.algorithm.block_size == 16 else Algorithm.TDES
