"""At which level a PSAM may hold a key, and whether that level can serve a card (Part 9 §6.2, §8)."""

from collections.abc import Iterator
from dataclasses import dataclass

from shebaoka.spec.model import KeyEntry

CONSUME, MAC, ENCRYPT, BOTH = 0x02, 0x06, 0x07, 0x08
_CAPABLE = {"encrypt": (ENCRYPT, BOTH), "mac": (MAC, BOTH)}
LEVELS = {1: "2x (city)", 2: "4x (province)", 3: "6x (nation)"}
_WHOLE_PROVINCE = ("00", "99")


@dataclass(frozen=True, slots=True)
class Place:
    """A key record: ``steps`` diversifications left (1-3) and ``kind`` make the usage byte; identifier."""

    steps: int
    kind: int
    identifier: int

    @property
    def usage(self) -> int:
        """Top three bits the steps left, low five the type."""
        return self.steps << 5 | self.kind

    def __str__(self) -> str:
        return f"{self.usage:02X}/{self.identifier:02X}"


def places(key: KeyEntry, purpose: str) -> Iterator[Place]:
    """Where the key may be for ``purpose`` (``encrypt``, ``mac``): the catalogue's type first, then the other
    that can do it; in each the levels deepest first. Nothing when no PSAM holds the key."""
    if key.psam_id is None:
        return
    kinds = sorted(_CAPABLE[purpose], key=lambda kind: kind != key.psam_type)
    for kind in kinds:
        for steps in LEVELS:
            yield Place(steps, kind, key.psam_id)


def foreign(terminal: str, city_code: str, steps: int) -> bool:
    """Whether a key with ``steps`` left, in the PSAM of terminal number ``terminal``, belongs to another
    region than a card of ``city_code``. A province-wide city code (xx00, xx99) passes as its province does; a
    terminal number of zeros says nothing."""
    if steps == 3 or not terminal.strip("0"):
        return False
    if terminal[:2] != city_code[:2]:
        return True
    return steps == 1 and not (
        terminal[2:4] == city_code[2:4]
        or terminal[2:4] in _WHOLE_PROVINCE
        or city_code[2:4] in _WHOLE_PROVINCE
    )
