"""The bookkeeping all back ends share: which keys a vault holds, who may make and receive them (R-24).

A register pairs every handle with the back end's own material: key bytes, an object in a token, an index in
a device. It checks before anything is made, so that a refusal changes nothing."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from typing import Generic, TypeVar

from shebaoka.crypto.ciphers import UnsupportedAlgorithmError
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.lives import Ledger, Lives, StateError
from shebaoka.vault.model import Body, KeyDefinition, KeyHandle, KeyNotFoundError, VaultError
from shebaoka.vault.records import KeyRecord, key_id
from shebaoka.vault.rules import check_generation, check_hand_over, check_mark, same_set
from shebaoka.vault.states import Change, KeyState, Use
from shebaoka.vault.transfer import Package, check_package

M = TypeVar("M")


class Register(Generic[M]):
    """The keys of one body in the order they came. ``algorithms``: those the back end computes with;
    ``place``: what messages call it (``the token``); ``production``: whether the gate has admitted the vault
    (:mod:`shebaoka.vault.gate`). Outside production it makes and takes TEST_ONLY keys only, in production
    none (R-55).

    ``lives`` has the states of the keys. A key that joins an earlier version that is stored already comes as
    *generated* and serves when it is activated; else it is *active* at once."""

    def __init__(
        self,
        owner: Body,
        algorithms: AbstractSet[Algorithm],
        place: str = "this installation",
        *,
        production: bool = False,
    ) -> None:
        self.owner = owner
        self.production = production
        self._algorithms = algorithms
        self._place = place
        self._entries: dict[str, tuple[KeyHandle, M]] = {}
        self._kept: dict[str, tuple[KeyHandle, M]] = {}
        self._removed: list[tuple[KeyHandle, M]] = []
        self._ledger = Ledger()
        self.lives = Lives()

    def __repr__(self) -> str:
        return f"<{len(self._entries)} keys of {self.owner}>"

    def __len__(self) -> int:
        return len(self._entries)

    def handles(self) -> tuple[KeyHandle, ...]:
        """All keys, in the order they came."""
        return tuple(handle for handle, _ in self._entries.values())

    def entries(self) -> tuple[tuple[KeyHandle, M], ...]:
        """All keys with their material, for saving."""
        return tuple(self._entries.values())

    def find(self, name: str, version: int = 1, algorithm: Algorithm = Algorithm.TDES) -> KeyHandle:
        """The key of this name and version in the 3DES set or the SM4 set. Raises KeyNotFoundError."""
        for member in same_set(algorithm):
            entry = self._entries.get(key_id(self.owner, name, version, member))
            if entry is not None:
                return entry[0]
            if tombstone := self.lives.tombstone(key_id(self.owner, name, version, member)):
                raise KeyNotFoundError(f"{tombstone}: the vault of {self.owner} no longer holds it")
        raise KeyNotFoundError(
            f"the vault of {self.owner} holds no {name} version {version} for {algorithm.label}"
        )

    def material(self, handle: KeyHandle) -> M:
        """What the back end keeps for a key that is to compute. Raises KeyNotFoundError for a handle of
        another vault or a destroyed key, StateError for one that must not compute."""
        _, material = self._entry(handle)
        self.lives.check_usable(handle)
        return material

    def check(self, handle: KeyHandle, use: Use) -> None:
        """Raises StateError when state or minimum version forbid the use, KeyNotFoundError."""
        self._entry(handle)
        self.lives.check(handle, use)

    def history(self, handle: KeyHandle) -> tuple[Change, ...]:
        """The states of a key, the present one last. Raises KeyNotFoundError for a handle of another
        vault."""
        tombstone = self.lives.tombstone(handle.id)
        if tombstone is not None and tombstone.kcv == handle.kcv:
            return tombstone.changes
        self._entry(handle)
        return self.lives.history(handle.id)

    def state(self, handle: KeyHandle) -> KeyState:
        """The present state. Raises KeyNotFoundError for a handle of another vault."""
        return self.history(handle)[-1].state

    def change_state(self, handle: KeyHandle, state: KeyState, moment: datetime) -> None:
        """Another state; a destroyed key leaves the register. Raises StateError, KeyNotFoundError."""
        entry = self._entry(handle)
        self.lives.check_change(handle, state)
        self.lives.change(handle, state, moment)
        if state is KeyState.DESTROYED:
            self._removed.append(entry)
            del self._entries[handle.id]

    def raise_minimum(self, name: str, algorithm: Algorithm, version: int, moment: datetime) -> None:
        """A higher minimum version. Raises StateError."""
        self.lives.raise_minimum(name, algorithm, version, moment, self.handles())

    def check_root(self, definition: KeyDefinition) -> None:
        """Before a root is made here: of the owner's kind (R-24), computable, not here already."""
        check_generation(definition, self.owner)
        self._check_new(definition)

    def check_import(self, definition: KeyDefinition, key: bytes) -> None:
        """Before an explicit test key comes in, of whatever scope: size, computable, not here already, no
        production vault."""
        check_mark(definition.name, self.owner, test_only=True, production=self.production)
        algorithm = definition.algorithm
        if len(key) != algorithm.key_size:
            raise VaultError(
                f"{definition.name}: a {algorithm.label} key has {algorithm.key_size} bytes, not {len(key)}"
            )
        self._check_new(definition)

    def add_root(self, definition: KeyDefinition, material: M, kcv: str) -> KeyHandle:
        """Enters a root that was checked before; outside production it is TEST_ONLY."""
        owner = self.owner
        handle = KeyHandle(
            key_id(owner, definition.name, definition.version, definition.algorithm),
            owner,
            owner.level,
            definition.name,
            definition.usage,
            definition.version,
            definition.algorithm,
            definition.scope,
            definition.reach,
            parent="",
            factor="",
            kcv=kcv,
            exportable=definition.exportable,
            test_only=not self.production,
        )
        self.receive(handle, material)
        return handle

    def receive(self, handle: KeyHandle, material: M) -> None:
        """Enters a key that was made or received just now."""
        earlier = any(
            handle.name == kept.name and kept.algorithm in same_set(handle.algorithm)
            for kept, _ in self._kept.values()
        )
        self.add(handle, material)
        self.lives.arrive(handle.id, KeyState.GENERATED if earlier else KeyState.ACTIVE)

    def add(self, handle: KeyHandle, material: M) -> None:
        """Enters a key as it was stored."""
        self._entries[handle.id] = (handle, material)

    def load(self, ledger: Ledger) -> None:
        """After all stored keys were entered: their states."""
        self.lives.restore(ledger)
        self.keep()

    def keep(self) -> tuple[tuple[KeyHandle, M], ...]:
        """The present content is saved: what :meth:`revert` goes back to; gives the keys that were destroyed,
        for the back end to destroy what is left of them."""
        self._kept = dict(self._entries)
        self._ledger = self.lives.ledger()
        removed, self._removed = tuple(self._removed), []
        return removed

    def revert(self) -> tuple[tuple[KeyHandle, M], ...]:
        """Back to what was kept last; gives what was dropped, for the back end to destroy."""
        present = [*self._entries.values(), *self._removed]
        dropped = tuple(entry for entry in present if self._kept.get(entry[0].id) != entry)
        self._entries = dict(self._kept)
        self._removed = []
        self.lives.restore(self._ledger)
        return dropped

    def check_hand_over(self, handles: Sequence[KeyHandle], to: Body) -> None:
        """Before sub-keys are made for ``to``: each key is here and may go there."""
        for handle in handles:
            self.check(handle, Use.HAND_DOWN)
            check_hand_over(handle, to)

    def check_received(self, package: Package) -> tuple[KeyRecord, ...]:
        """Before a package is taken over: the records that are new here. Raises VaultError when it is not for
        this body, damaged, of an algorithm the back end lacks, a key is here with another value, or test and
        production meet (R-55)."""
        check_package(package, self.owner)
        for key in package.keys:
            check_mark(f"{key.name} v{key.version}", self.owner, key.test_only, production=self.production)
            self._check_algorithm(key.algorithm_)
            present = self._entries.get(key.id)
            if present is not None and (present[0].kcv, present[0].parent) != (key.kcv, key.parent):
                raise VaultError(f"{present[0]} is here already with another value; retire it first")
            if present is None:
                self._check_never_destroyed(key.name, key.version, key.algorithm_)
                self.lives.check_minimum(key.name, key.version, key.algorithm_)
        return tuple(key for key in package.keys if key.id not in self._entries)

    def received(self, package: Package) -> tuple[KeyHandle, ...]:
        """The handles of a package's keys after they were entered."""
        return tuple(self._entries[key.id][0] for key in package.keys)

    def _check_new(self, definition: KeyDefinition) -> None:
        self._check_algorithm(definition.algorithm)
        for member in same_set(definition.algorithm):
            present = self._entries.get(key_id(self.owner, definition.name, definition.version, member))
            if present is not None:
                raise VaultError(f"{present[0]} exists already; make the next version")
        self._check_never_destroyed(definition.name, definition.version, definition.algorithm)
        self.lives.check_minimum(definition.name, definition.version, definition.algorithm)

    def _check_never_destroyed(self, name: str, version: int, algorithm: Algorithm) -> None:
        for member in same_set(algorithm):
            if tombstone := self.lives.tombstone(key_id(self.owner, name, version, member)):
                raise StateError(f"{tombstone}: this version never comes back; make the next version")

    def _entry(self, handle: KeyHandle) -> tuple[KeyHandle, M]:
        entry = self._entries.get(handle.id)
        if entry is None or entry[0] != handle:
            raise KeyNotFoundError(f"{handle} is not in the vault of {self.owner}")
        return entry

    def _check_algorithm(self, algorithm: Algorithm) -> None:
        if algorithm is Algorithm.SSF33 and algorithm not in self._algorithms:
            raise UnsupportedAlgorithmError(f"SSF33 is not published; {self._place} has no plug-in for it")
        if algorithm not in self._algorithms:
            raise UnsupportedAlgorithmError(f"{self._place} does not compute {algorithm.label}")


def sub_key(handle: KeyHandle, to: Body, factor: bytes, kcv: str) -> KeyHandle:
    """The handle of the key of ``to`` that ``handle`` gives when diversified by ``factor``."""
    return replace(
        handle,
        id=key_id(to, handle.name, handle.version, handle.algorithm),
        owner=to,
        level=to.level,
        parent=handle.id,
        factor=factor.hex().upper(),
        kcv=kcv,
    )


def check_factors(factors: Iterable[bytes]) -> None:
    """Raises VaultError for a diversification factor that has not 8 bytes."""
    for factor in factors:
        if len(factor) != 8:
            raise VaultError(f"a diversification factor has 8 bytes, not {len(factor)}")
