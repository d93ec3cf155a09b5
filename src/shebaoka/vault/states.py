"""The states of a key (密钥状态) as data: what follows what, and what each permits."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

import msgspec

from shebaoka.spec.model import Text


class KeyState(StrEnum):
    """Where a key stands in its life, as the key register (密钥台账) names it."""

    GENERATED = "generated"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    RETIRED = "retired"
    DESTROYED = "destroyed"

    @property
    def label(self) -> Text:
        """The state in Chinese and English."""
        return Text(_CHINESE[self], self.value)


class Use(StrEnum):
    """What a key of a vault is wanted for: to hand its sub-keys down, to make cards, to load PSAMs, to serve
    cards that exist (authentication, MACs)."""

    HAND_DOWN = "hand down"
    CARDS = "make cards"
    PSAMS = "load PSAMs"
    SERVE = "serve cards"


_CHINESE = {
    KeyState.GENERATED: "生成",
    KeyState.ACTIVE: "启用",
    KeyState.SUSPENDED: "停用",
    KeyState.RETIRED: "终止",
    KeyState.DESTROYED: "销毁",
}

TRANSITIONS: Mapping[KeyState, frozenset[KeyState]] = MappingProxyType(
    {
        KeyState.GENERATED: frozenset({KeyState.ACTIVE, KeyState.DESTROYED}),
        KeyState.ACTIVE: frozenset({KeyState.SUSPENDED, KeyState.RETIRED}),
        KeyState.SUSPENDED: frozenset({KeyState.ACTIVE, KeyState.RETIRED}),
        KeyState.RETIRED: frozenset({KeyState.DESTROYED}),
        KeyState.DESTROYED: frozenset(),
    }
)
"""The states that may follow each state."""

PERMITTED: Mapping[KeyState, frozenset[Use]] = MappingProxyType(
    {
        KeyState.GENERATED: frozenset({Use.HAND_DOWN}),
        KeyState.ACTIVE: frozenset(Use),
        KeyState.SUSPENDED: frozenset(),
        KeyState.RETIRED: frozenset({Use.SERVE}),
        KeyState.DESTROYED: frozenset(),
    }
)
"""What each state permits. A suspended key rests entirely; a retired one serves the cards made before."""


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A state and since when: UTC, in the one form of the journal; empty for the state a key came with."""

    state: KeyState
    at: str = ""


class Tombstone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What remains of a destroyed key. ``algorithm``: label; ``changes``: its states, the last of them
    destroyed."""

    id: str
    name: str
    version: int
    algorithm: str
    parent: str
    kcv: str
    changes: tuple[Change, ...]

    def __str__(self) -> str:
        return f"{self.name} v{self.version} {self.algorithm}, destroyed {self.changes[-1].at[:10]}"
