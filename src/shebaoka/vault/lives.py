"""The states of a vault's keys, their minimum versions, and what remains of destroyed keys.

Every back end keeps this beside its keys and stores it with them, as a :class:`Ledger`, in the same write."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from shebaoka.journal.canonical import instant
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.model import KeyHandle, Vault, VaultError
from shebaoka.vault.rules import same_set
from shebaoka.vault.states import PERMITTED, TRANSITIONS, Change, KeyState, Tombstone, Use


class StateError(VaultError):
    """The state of a key, or the minimum version, does not permit what is asked."""


class Life(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The states of a key, the present one last."""

    id: str
    changes: tuple[Change, ...]


class Minimum(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The lowest version of a key that is used at all. ``suite``: label of its key set (3DES, SM4)."""

    name: str
    suite: str
    version: int
    at: str


class Ledger(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a back end stores. A key without a life is active: so are the keys of files from before."""

    lives: tuple[Life, ...] = ()
    minimums: tuple[Minimum, ...] = ()
    tombstones: tuple[Tombstone, ...] = ()


class Lives:
    """The states in use. Everything is checked before it is changed."""

    def __init__(self, ledger: Ledger | None = None) -> None:
        self.restore(ledger or Ledger())

    def restore(self, ledger: Ledger) -> None:
        """Back to what was stored."""
        self._changes = {life.id: life.changes for life in ledger.lives}
        self._minimums = {(each.name, each.suite): each for each in ledger.minimums}
        self._tombstones = {each.id: each for each in ledger.tombstones}

    def ledger(self) -> Ledger:
        """For storing."""
        lives = tuple(Life(id_, changes) for id_, changes in self._changes.items())
        return Ledger(lives, tuple(self._minimums.values()), tuple(self._tombstones.values()))

    def state(self, id_: str) -> KeyState:
        """The present state of a key the vault holds."""
        return self.history(id_)[-1].state

    def history(self, id_: str) -> tuple[Change, ...]:
        """The states of a key, the present one last."""
        return self._changes.get(id_, (Change(KeyState.ACTIVE),))

    def tombstones(self) -> tuple[Tombstone, ...]:
        """What remains of destroyed keys, in the order of their end."""
        return tuple(self._tombstones.values())

    def tombstone(self, id_: str) -> Tombstone | None:
        """What remains of one destroyed key."""
        return self._tombstones.get(id_)

    def minimum(self, name: str, algorithm: Algorithm) -> int:
        """The lowest version in use; 1 unless it was raised."""
        found = self._minimums.get((name, set_label(algorithm)))
        return found.version if found else 1

    def arrive(self, id_: str, state: KeyState) -> None:
        """A key comes into the vault."""
        if state is not KeyState.ACTIVE:
            self._changes[id_] = (Change(state),)

    def check(self, handle: KeyHandle, use: Use) -> None:
        """Raises StateError when state or minimum version forbid the use."""
        self.check_minimum(handle.name, handle.version, handle.algorithm)
        state = self.state(handle.id)
        if use not in PERMITTED[state]:
            raise StateError(f"{handle} is {state} and may not {use}{_advice(state)}")

    def check_usable(self, handle: KeyHandle) -> None:
        """Raises StateError for a key that must not compute at all: suspended, or below the minimum."""
        self.check_minimum(handle.name, handle.version, handle.algorithm)
        state = self.state(handle.id)
        if not PERMITTED[state]:
            raise StateError(f"{handle} is {state}{_advice(state)}")

    def check_minimum(self, name: str, version: int, algorithm: Algorithm) -> None:
        """Raises StateError for a version below the minimum."""
        minimum = self.minimum(name, algorithm)
        if version < minimum:
            raise StateError(
                f"{name} version {version} is below the minimum version {minimum} "
                f"for {set_label(algorithm)}: it is no longer used"
            )

    def check_change(self, handle: KeyHandle, state: KeyState) -> None:
        """Raises StateError for a state that does not follow the present one."""
        present = self.state(handle.id)
        if state not in TRANSITIONS[present]:
            after = ", ".join(each for each in KeyState if each in TRANSITIONS[present])
            raise StateError(f"{handle} is {present}; after that comes {after}, not {state}")
        if state is KeyState.ACTIVE:
            self.check_minimum(handle.name, handle.version, handle.algorithm)

    def change(self, handle: KeyHandle, state: KeyState, moment: datetime) -> None:
        """Enters a state that was checked before."""
        changes = (*self.history(handle.id), Change(state, instant(moment)))
        if state is not KeyState.DESTROYED:
            self._changes[handle.id] = changes
            return
        self._changes.pop(handle.id, None)
        self._tombstones[handle.id] = Tombstone(
            handle.id,
            handle.name,
            handle.version,
            handle.algorithm.label,
            handle.parent,
            handle.kcv,
            changes,
        )

    def raise_minimum(
        self, name: str, algorithm: Algorithm, version: int, moment: datetime, held: Iterable[KeyHandle]
    ) -> None:
        """Sets a higher minimum version. ``held``: the keys of the vault; an active one must be left.
        Raises StateError."""
        present, label = self.minimum(name, algorithm), set_label(algorithm)
        if version <= present:
            raise StateError(f"the minimum version of {name} for {label} is {present}; it only rises")
        left = [
            handle
            for handle in held
            if handle.name == name
            and set_label(handle.algorithm) == label
            and handle.version >= version
            and self.state(handle.id) is KeyState.ACTIVE
        ]
        if not left:
            raise StateError(
                f"no active {name} for {label} has version {version} or above: "
                "activate the next version first, or nothing would be left"
            )
        self._minimums[name, label] = Minimum(name, label, version, instant(moment))

    def forget(self, id_: str) -> None:
        """A key that was never stored is dropped."""
        self._changes.pop(id_, None)


def permitted(vault: Vault, handle: KeyHandle, use: Use) -> bool:
    """Whether state and minimum version let the key be used so."""
    try:
        vault.check(handle, use)
    except StateError:
        return False
    return True


def set_label(algorithm: Algorithm) -> str:
    """The key set of an algorithm by its label: DES keys belong to the 3DES set."""
    return same_set(algorithm)[0].label


def _advice(state: KeyState) -> str:
    if KeyState.ACTIVE in TRANSITIONS[state]:
        return "; activate it first"
    return "; use the next version"
