"""The keys of a batch's cards: wrapped blocks in bulk, and single keys as ciphers.

A city's vault holds every key at city level; a card's own keys are one diversification away. The blocks
come out of the vault wrapped under the transport key of the blank chips; this process never sees a card
key."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.steps import KeySlot
from shebaoka.personalization.structure import PIN_SLOT
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.model import Blocks, KeyHandle, Level, Vault, VaultError


@dataclass(frozen=True, slots=True)
class CardKeys:
    """Slots of a card (without the PIN) and the city handles they are diversified from."""

    vault: Vault
    suite: Algorithm
    slots: tuple[KeySlot, ...]
    handles: tuple[KeyHandle, ...]

    @classmethod
    def of(cls, vault: Vault, slots: Iterable[KeySlot], suite: Algorithm) -> "CardKeys":
        """The keys for the slots of a plan. Raises PersonalizationError naming the first key that the vault
        lacks, and for a vault that is no city's."""
        if vault.owner.level is not Level.CITY:
            raise PersonalizationError(f"cards are made with a city's vault; {vault.owner} is none")
        own = tuple(slot for slot in slots if slot != PIN_SLOT)
        try:
            handles = tuple(vault.find(slot.name, slot.version, suite) for slot in own)
        except VaultError as error:
            raise PersonalizationError(f"{error}; set it up or have it handed down") from None
        return cls(vault, suite, own, handles)

    @property
    def versions(self) -> dict[str, int]:
        """Number of versions a card holds, by key name."""
        found: dict[str, int] = {}
        for slot in self.slots:
            found[slot.name] = max(found.get(slot.name, 0), slot.version)
        return found

    def blocks(self, factors: Sequence[bytes], transport: BlockCipher) -> Blocks:
        """[N, K, 16] blocks for the card factors (8 bytes each) of N cards, wrapped under ``transport``."""
        rows = np.frombuffer(b"".join(factors), np.uint8).reshape(-1, 8)
        return self.vault.card_key_blocks(self.handles, rows, transport)

    def by_slot(self, blocks: Blocks) -> dict[KeySlot, bytes]:
        """The blocks of one card, [K, 16], by slot."""
        raw = blocks.tobytes()
        return {slot: raw[i * 16 : i * 16 + 16] for i, slot in enumerate(self.slots)}

    def cipher(self, name: str, factor: bytes) -> BlockCipher:
        """The card's key of that name, lowest version (the one a card takes when none is named, decision
        K14)."""
        return self.vault.cipher(self.vault.find(name, 1, self.suite), factor)
