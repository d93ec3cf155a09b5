"""What every vault back end speaks: bodies, key definitions, key handles, and the seam itself.

A vault belongs to one body of the key hierarchy (ministry 部, province 省, city 地市) and holds its keys.
Outside the back end a key is a :class:`KeyHandle`, a description without key bytes; :meth:`Vault.cipher`
gives a block cipher that computes and never shows its key."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import Scope
from shebaoka.vault.states import Change, KeyState, Tombstone, Use

Blocks = NDArray[np.uint8]


class VaultError(ValueError):
    """The vault refuses: one line that says what, where, and what to do. Nothing was changed."""


class HierarchyError(VaultError):
    """A body asks for a key that is not of its kind (R-24)."""


class KeyNotFoundError(VaultError, LookupError):
    """The vault holds no such key."""


class Level(StrEnum):
    """How far a key is diversified: national root, province, city, card (Part 9 §7.3)."""

    NATION = "nation"
    PROVINCE = "province"
    CITY = "city"
    CARD = "card"

    @property
    def steps_left(self) -> int:
        """Diversifications still to come, 3-0: the top three bits of the PSAM usage byte (Part 9 §6.2)."""
        return 3 - list(Level).index(self)


CODE_DIGITS = {Level.NATION: 0, Level.PROVINCE: 2, Level.CITY: 6}


@dataclass(frozen=True, slots=True)
class Body:
    """A body of the hierarchy: ``code`` is empty (ministry), two digits (province) or six (city, GB/T
    2260)."""

    level: Level
    code: str
    name: str

    def __post_init__(self) -> None:
        digits = CODE_DIGITS.get(self.level)
        if digits is None:
            raise VaultError(f"a body is a ministry, province or city, not a {self.level}")
        if len(self.code) != digits or (digits and not re.fullmatch("[0-9]+", self.code)):
            raise VaultError(f"the code of a {self.level} body has {digits} digits, not {self.code!r}")

    def __str__(self) -> str:
        return f"{self.name} ({self.code})" if self.code else self.name


MINISTRY = Body(Level.NATION, "", "人力资源和社会保障部")


class Mode(StrEnum):
    """How a back end makes the keys that leave it. Batch: a derived key appears in this process's memory, and
    nowhere else, until it is wrapped and erased. Strict: it is derived and wrapped inside the token."""

    BATCH = "batch"
    STRICT = "strict"


class Kind(StrEnum):
    """Root made here, or sub-key received from the level above (R-24)."""

    ROOT = "root"
    SUB_KEY = "sub-key"


@dataclass(frozen=True, slots=True)
class KeyDefinition:
    """A key to be made: catalogue name, usage (role on the card or in the PSAM), version from 1, algorithm.

    ``scope``: the level whose body makes the root. ``reach``: the lowest level it is handed down to.
    ``exportable``: may leave the vault as a sealed sub-key.
    """

    name: str
    usage: str
    algorithm: Algorithm
    version: int = 1
    scope: Scope = Scope.CITY
    reach: Level = Level.CITY
    exportable: bool = True


@dataclass(frozen=True, slots=True)
class KeyHandle:
    """A key in a vault, without its bytes.

    ``owner``: the body whose vault holds it; ``level``: how far it is diversified; ``parent``: id of the
    key it was diversified from and ``factor`` the 8 bytes in hex, both empty for a root; ``kcv``: key check
    value, the first three bytes of an encrypted zero block in hex."""

    id: str
    owner: Body
    level: Level
    name: str
    usage: str
    version: int
    algorithm: Algorithm
    scope: Scope
    reach: Level
    parent: str
    factor: str
    kcv: str
    exportable: bool
    test_only: bool

    @property
    def kind(self) -> Kind:
        """Root or sub-key."""
        return Kind.SUB_KEY if self.parent else Kind.ROOT

    def __str__(self) -> str:
        return f"{self.name} v{self.version} {self.algorithm.label} of {self.owner}"


class Vault(Protocol):
    """The seam to a back end: software here; PKCS#11 and SDF implement the same methods.

    A ``factors`` argument diversifies the key, first factor first, before it is used; it names the deeper key
    (for a city vault one factor: the card's). All methods raise VaultError and then have changed nothing.
    """

    @property
    def owner(self) -> Body:
        """The body whose keys these are."""

    @property
    def production(self) -> bool:
        """Whether the gate admitted it; otherwise its keys are TEST_ONLY (R-55)."""

    @property
    def algorithms(self) -> frozenset[Algorithm]:
        """What the back end computes with; keys of other algorithms are refused."""

    @property
    def modes(self) -> frozenset[Mode]:
        """The modes the back end can work in."""

    def generate(self, definition: KeyDefinition) -> KeyHandle:
        """A new random root; refused when the key is not of the owner's kind (R-24) or exists already."""

    def random(self, size: int) -> bytes:
        """Bytes of the back end's own generator (K-17), for the components of a key that is being born."""

    def generate_from_components(self, definition: KeyDefinition, components: Sequence[bytes]) -> KeyHandle:
        """A new root that is the XOR of at least two components of the key's size, combined in the back end
        (:func:`shebaoka.vault.components.combine` says what is refused); else as :meth:`generate`."""

    def import_test_key(self, definition: KeyDefinition, key: bytes) -> KeyHandle:
        """An explicit key, marked TEST_ONLY; for fixtures and the fixed transport key of blank cards."""

    def handles(self) -> tuple[KeyHandle, ...]:
        """All keys, in the order they came."""

    def find(self, name: str, version: int = 1, algorithm: Algorithm = Algorithm.TDES) -> KeyHandle:
        """The key of this name and version in the set of ``algorithm`` (DES belongs to the 3DES set)."""

    def state(self, handle: KeyHandle) -> KeyState:
        """Where the key stands in its life. Raises KeyNotFoundError for a handle of another vault."""

    def history(self, handle: KeyHandle) -> tuple[Change, ...]:
        """Its states with their dates, the present one last."""

    def check(self, handle: KeyHandle, use: Use) -> None:
        """Raises VaultError with the reason when state or minimum version forbid the use. The back end itself
        asks before it computes: nothing with suspended keys and versions below the minimum, no cards and
        PSAMs with other keys than active ones."""

    def change_state(self, handle: KeyHandle, state: KeyState, moment: datetime) -> None:
        """Another state, lasting with :meth:`save`; a destroyed key leaves its bytes nowhere then, and its
        version never comes back. :mod:`shebaoka.vault.lifecycle` asks for two approvers first."""

    def minimum(self, name: str, algorithm: Algorithm) -> int:
        """The lowest version of a key of the set of ``algorithm`` that is used at all; 1 unless raised."""

    def raise_minimum(self, name: str, algorithm: Algorithm, version: int, moment: datetime) -> None:
        """A higher minimum version; refused when no active version would be left."""

    def tombstones(self) -> tuple[Tombstone, ...]:
        """What remains of destroyed keys."""

    def cipher(self, handle: KeyHandle, *factors: bytes) -> BlockCipher:
        """The key, or its sub-key for the 8-byte ``factors``, as an opaque cipher."""

    def wrap_for_chip(self, handle: KeyHandle, factors: Sequence[bytes], master: BlockCipher) -> bytes:
        """A 16-byte block: ECB under ``master`` of the diversified key (8-byte keys as K‖K)."""

    def card_key_blocks(self, handles: Sequence[KeyHandle], factors: Blocks, master: BlockCipher) -> Blocks:
        """Bulk form: ``factors`` [N, 8] -> wrapped card keys [N, K, 16] under ``master``."""

    def psam_loading(
        self,
        handle: KeyHandle,
        usage: int,
        identifier: int,
        *,
        master: BlockCipher,
        challenge: bytes,
        header: bytes,
    ) -> bytes:
        """The CREATE KEY or CHANGE KEY command that puts the key into a PSAM (Part 9 §9.5-9.6)."""

    def reception(self) -> bytes:
        """Opens one reception of sub-keys: the public key to seal them to."""

    def hand_over(self, handles: Sequence[KeyHandle], to: Body, factor: bytes, reception: bytes) -> bytes:
        """Sub-keys of ``handles`` for ``factor``, sealed to the reception of ``to``."""

    def take_over(self, package: bytes) -> tuple[KeyHandle, ...]:
        """The sealed sub-keys of the level above, checked and stored. Known equal keys are left alone."""

    def save(self) -> None:
        """Makes the present content durable where the back end has a store."""

    def discard(self) -> None:
        """Forgets, and destroys, what was made or received since the last :meth:`save`."""
