"""The usage byte of a PSAM key: diversification steps left (b8-b6), type (b5-b1) (Part 9 §6.2-6.3)."""

from typing import Final

from shebaoka.chip.chip import Chip
from shebaoka.chip.keys import KeySlot, Role

CONSUMPTION: Final = 2
MAC: Final = 6
ENCRYPTION: Final = 7
BOTH: Final = 8
LOAD: Final = 9
TAC: Final = 12
KNOWN_TYPES: Final = frozenset({CONSUMPTION, MAC, ENCRYPTION, BOTH, LOAD, TAC})
MAY_ENCRYPT: Final = frozenset({ENCRYPTION, BOTH})
MAY_MAC: Final = frozenset({MAC, BOTH, LOAD})


def type_of(usage: int) -> int:
    """Low five bits."""
    return usage & 0x1F


def steps(usage: int) -> int:
    """How many factors the key still takes."""
    return usage >> 5


def level_slot(chip: Chip, usage: int, identifier: int) -> KeySlot | None:
    """The key of this usage and identifier (or version, type 2) in the current application."""
    return chip.session.directory.slot(Role.LEVEL, usage << 8 | identifier)
