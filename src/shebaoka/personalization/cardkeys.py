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
from shebaoka.personalization.structure import PIN_SLOT, Versions, catalogue_versions
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import KeyEntry
from shebaoka.vault.catalogue import ISSUER_AUTHENTICATION, MASTER
from shebaoka.vault.lifecycle import serving
from shebaoka.vault.lives import StateError
from shebaoka.vault.model import Blocks, KeyHandle, Level, Vault, VaultError
from shebaoka.vault.states import Use


def versions_in_use(vault: Vault, suite: Algorithm) -> Versions:
    """Which versions of a key go onto a new card: the active ones, the newest of them where the catalogue has
    fewer groups. For a key without any, the newest there is or those of the catalogue: :meth:`CardKeys.of`
    then says why they cannot be used."""

    def versions(entry: KeyEntry) -> Iterable[int]:
        active = [handle.version for handle in serving(vault, entry.name, suite, Use.CARDS)]
        held = (
            [handle.version for handle in vault.handles() if handle.name == entry.name] if not active else []
        )
        return active[-entry.versions :] or held[-1:] or catalogue_versions(entry)

    return versions


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
            for handle in handles:
                vault.check(handle, Use.CARDS)
        except StateError as error:
            raise PersonalizationError(f"{error}; no card is made with it") from None
        except VaultError as error:
            raise PersonalizationError(f"{error}; set it up or have it handed down") from None
        return cls(vault, suite, own, handles)

    @property
    def versions(self) -> str:
        """The lowest and the highest version of a catalogue key on the card: ``1-3``."""
        found = [
            handle.version for handle in self.handles if handle.usage not in (MASTER, ISSUER_AUTHENTICATION)
        ]
        return f"{min(found)}-{max(found)}" if found else ""

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
        versions = (slot.version for slot in self.slots if slot.name == name)
        return self.vault.cipher(self.vault.find(name, min(versions, default=1), self.suite), factor)
