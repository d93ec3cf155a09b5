"""A stored key with its bytes, as it lies in the sealed file and in a sealed package."""

import msgspec

from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import Scope
from shebaoka.vault.model import Body, KeyHandle, Level


class KeyRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A handle's fields and the key. ``algorithm``: the member's name (``TDES``)."""

    id: str
    owner: Body
    level: Level
    name: str
    usage: str
    version: int
    algorithm: str
    scope: Scope
    reach: Level
    parent: str
    factor: str
    kcv: str
    exportable: bool
    test_only: bool
    key: bytes

    def __repr__(self) -> str:
        return f"<key record {self.id}>"

    @property
    def algorithm_(self) -> Algorithm:
        """The algorithm. Raises ValueError for an unknown name."""
        try:
            return Algorithm[self.algorithm]
        except KeyError:
            raise ValueError(f"unknown algorithm {self.algorithm!r}") from None

    def handle(self) -> KeyHandle:
        """The description without the key."""
        return KeyHandle(
            self.id,
            self.owner,
            self.level,
            self.name,
            self.usage,
            self.version,
            self.algorithm_,
            self.scope,
            self.reach,
            self.parent,
            self.factor,
            self.kcv,
            self.exportable,
            self.test_only,
        )


def record_of(handle: KeyHandle, key: bytes) -> KeyRecord:
    """A record of a handle and its key."""
    return KeyRecord(
        handle.id,
        handle.owner,
        handle.level,
        handle.name,
        handle.usage,
        handle.version,
        handle.algorithm.name,
        handle.scope,
        handle.reach,
        handle.parent,
        handle.factor,
        handle.kcv,
        handle.exportable,
        handle.test_only,
        key,
    )


def key_id(owner: Body, name: str, version: int, algorithm: Algorithm) -> str:
    """The id of a key: readable, and unique because a body has one key per name, version and algorithm
    set."""
    return f"{owner.code or 'nation'}:{name}:{version}:{algorithm.label}"
