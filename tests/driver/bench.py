"""A driver's bench: fixture card and PSAM in the slots of a device, a pad with prepared digits, a vault."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shebaoka.chip.chip import Chip
from shebaoka.driver.answers import KeyAnswers
from shebaoka.driver.device import Device
from shebaoka.driver.driver import Driver, Outcome
from shebaoka.driver.errors import DriverError
from shebaoka.driver.pin_pad import Entry
from shebaoka.driver.profile import Profile
from shebaoka.driver.work import Equipment
from shebaoka.reader.base import CardAbsentError, Reader
from shebaoka.reader.in_process import InProcessReader
from shebaoka.terminal.settings import Settings
from shebaoka.terminal.vault_keys import VaultKeys
from terminal.support import NOW, PIN, Tap, chip, psam, state, vault

CODE = "650100D15600000500000001FFFFFFFF"
CARD = f"{CODE}|A00000011|"
HISTORICAL = "00810102031234650100000001"
TERMINAL = "650100000001"


@dataclass
class Pad:
    """Types what was prepared, one entry after the other, and remembers what it was asked."""

    digits: list[str | DriverError] = field(default_factory=list)
    asked: list[Entry] = field(default_factory=list)

    def ask(self, entry: Entry, seconds: float) -> str:
        self.asked.append(entry)
        typed = self.digits.pop(0)
        if isinstance(typed, DriverError):
            raise typed
        return typed


@dataclass
class Bench:
    """The driver and what is in its slots."""

    driver: Driver
    tap: Tap
    card: Chip
    pad: Pad

    def __call__(self, name: str, **given: object) -> Outcome:
        return self.driver.call(name, {"iType": 1, "pCardInfo": CARD, **given})

    @property
    def state(self) -> dict[Any, Any]:
        return state(self.card)

    @property
    def powered(self) -> bool:
        reader = self.tap.reader
        assert isinstance(reader, InProcessReader)
        return reader._powered


def absent() -> Reader:
    raise CardAbsentError("no card in the slot")


def bench(
    algorithm: str = "sm4",
    fixture: str = "card-2.0",
    *,
    sam: Chip | str | None = "city",
    card: Mapping[str, Any] | None = None,
    pins: tuple[str | DriverError, ...] = (),
    profile: Profile | None = None,
    **settings: Any,
) -> Bench:
    """``sam``: a PSAM, or the level of its keys, None for an empty slot; ``pins``: what the holder types."""
    user = chip(f"{fixture}-{algorithm}", card)
    tap, pad = Tap(InProcessReader(user)), Pad(list(pins))
    module = psam(algorithm, sam) if isinstance(sam, str) else sam
    device = Device(
        contact=lambda: tap, psam=(lambda: InProcessReader(module)) if module else None, number="TEST-0001"
    )
    spoken = profile or Profile(language="en")
    equipment = Equipment(device, pad, Settings(clock=lambda: NOW, **settings), spoken)
    answers = KeyAnswers(VaultKeys(vault()), spoken.key_addresses)
    return Bench(Driver(equipment, answers), tap, user, pad)


__all__ = ["CARD", "CODE", "HISTORICAL", "NOW", "PIN", "TERMINAL", "Bench", "Pad", "absent", "bench"]
