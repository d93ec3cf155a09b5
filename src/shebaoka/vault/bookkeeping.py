"""What all back ends answer from their register alone."""

from datetime import datetime
from typing import Generic, TypeVar

from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.model import Body, KeyHandle
from shebaoka.vault.register import Register
from shebaoka.vault.states import Change, KeyState, Tombstone, Use

M = TypeVar("M")


class Bookkeeping(Generic[M]):
    """The part of ``model.Vault`` that needs no key. A back end brings its ``_register``."""

    _register: Register[M]

    @property
    def owner(self) -> Body:
        """The body whose keys these are."""
        return self._register.owner

    @property
    def production(self) -> bool:
        """Whether the gate has admitted it; never in software (R-26)."""
        return self._register.production

    def handles(self) -> tuple[KeyHandle, ...]:
        """All keys, in the order they came."""
        return self._register.handles()

    def find(self, name: str, version: int = 1, algorithm: Algorithm = Algorithm.TDES) -> KeyHandle:
        """The key of this name and version in the 3DES set or the SM4 set. Raises KeyNotFoundError."""
        return self._register.find(name, version, algorithm)

    def state(self, handle: KeyHandle) -> KeyState:
        """Where the key stands in its life. Raises KeyNotFoundError for a handle of another vault."""
        return self._register.state(handle)

    def history(self, handle: KeyHandle) -> tuple[Change, ...]:
        """Its states with their dates, the present one last. Raises KeyNotFoundError."""
        return self._register.history(handle)

    def check(self, handle: KeyHandle, use: Use) -> None:
        """Raises StateError with the reason when state or minimum version forbid the use."""
        self._register.check(handle, use)

    def change_state(self, handle: KeyHandle, state: KeyState, moment: datetime) -> None:
        """Another state, lasting with ``save``. Raises StateError."""
        self._register.change_state(handle, state, moment)

    def minimum(self, name: str, algorithm: Algorithm) -> int:
        """The lowest version of a key that is used at all."""
        return self._register.lives.minimum(name, algorithm)

    def raise_minimum(self, name: str, algorithm: Algorithm, version: int, moment: datetime) -> None:
        """A higher minimum version, lasting with ``save``. Raises StateError."""
        self._register.raise_minimum(name, algorithm, version, moment)

    def tombstones(self) -> tuple[Tombstone, ...]:
        """What remains of destroyed keys."""
        return self._register.lives.tombstones()
