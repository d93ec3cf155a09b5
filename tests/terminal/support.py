"""A terminal's bench: fixture cards and PSAMs of both algorithms, a vault with the same test roots, a tap."""

import copy
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from shebaoka.card.card import open_card
from shebaoka.chip.chip import Chip
from shebaoka.chip.store import MemoryStore
from shebaoka.personalization.fixtures import build_fixture
from shebaoka.psam.psam import open_psam
from shebaoka.reader.base import Reader
from shebaoka.reader.faults import Fault, FaultReader
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.keys import key_catalogue
from shebaoka.spec.model import KeyEntry
from shebaoka.terminal.factors import CardIdentity
from shebaoka.terminal.keys import KeySource
from shebaoka.terminal.psam_keys import PsamKeys
from shebaoka.terminal.session import Session
from shebaoka.terminal.settings import CHINA, Settings
from shebaoka.terminal.terminal import Terminal
from shebaoka.terminal.vault_keys import VaultKeys
from shebaoka.vault.model import MINISTRY, KeyDefinition
from shebaoka.vault.software import SoftwareVault

FIXTURES = Path(__file__).parents[2] / "examples" / "fixtures"
ALGORITHMS = ("3des", "sm4")
LEVELS = ("city", "province", "nation")
NOW = datetime(2025, 6, 1, 12, 30, 15, tzinfo=CHINA)
PIN = "123456"
IDENTITY = CardIdentity("650100D15600000500000001FFFFFFFF", "A00000011")
OFFLINE: Mapping[str, Any] = {"files": {"DF04": {"EF05": {"8F": "2"}}}}
STK_BOTH = {"name": "STK", "usage": "28", "id": "09"}
STK_TYPES = {"city": "28", "province": "48", "nation": "68"}

_built: dict[bytes, Chip] = {}


def merged(base: dict[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """``base`` with ``change`` laid over it, tables merged."""
    result = copy.deepcopy(base)
    for key, value in change.items():
        inner = result.get(key)
        result[key] = (
            merged(inner, value) if isinstance(value, Mapping) and isinstance(inner, dict) else value
        )
    return result


def chip(name: str, change: Mapping[str, Any] | None = None) -> Chip:
    """A fresh chip of a shipped fixture with changes; each is personalized once and copied."""
    data = merged(tomllib.loads((FIXTURES / f"{name}.toml").read_text("utf-8")), change or {})
    key = msgspec.json.encode(data)
    if key not in _built:
        _built[key] = build_fixture(data)
    store = _built[key].store
    assert isinstance(store, MemoryStore)
    return (open_psam if data["kind"] == "psam" else open_card)(store.copy())


def psam(algorithm: str, level: str = "city", change: Mapping[str, Any] | None = None) -> Chip:
    """A PSAM with every catalogue key as root of ``level`` and nothing else, STK also for encryption."""
    fixture = tomllib.loads((FIXTURES / f"psam-{algorithm}.toml").read_text("utf-8"))
    stk = {**STK_BOTH, "usage": STK_TYPES[level]} if level else {}
    tree = {"catalogue": level, "keys": [stk] if stk else []}
    return chip(
        f"psam-{algorithm}",
        merged({"environments": dict.fromkeys(fixture["environments"], tree)}, change or {}),
    )


def state(of: Chip) -> dict[Any, Any]:
    """The persistent state, to compare before and after."""
    return dict(of.state)


@dataclass
class Tap:
    """A reader that remembers the commands; ``answers`` replace the chip's for commands that begin so, and
    ``damaged`` commands reach the chip with a wrong MAC."""

    reader: Reader
    commands: list[bytes] = field(default_factory=list)
    answers: dict[bytes, Callable[[bytes], bytes]] = field(default_factory=dict)
    atr: Callable[[bytes], bytes] = bytes
    damaged: tuple[bytes, ...] = ()

    def reset(self) -> bytes:
        return self.atr(self.reader.reset())

    def transmit(self, apdu: bytes) -> bytes:
        self.commands.append(apdu)
        if apdu.startswith(self.damaged):
            apdu = apdu[:-2] + bytes((apdu[-2] ^ 1,)) + apdu[-1:]
        for start, answer in self.answers.items():
            if apdu.startswith(start):
                return answer(self.reader.transmit(apdu))
        return self.reader.transmit(apdu)

    def close(self) -> None:
        self.reader.close()

    def sent(self, start: str) -> list[bytes]:
        """Commands that begin with these bytes in hex."""
        return [command for command in self.commands if command.startswith(bytes.fromhex(start))]


class FaultAt:
    """A reader whose fault strikes at the first command that begins with ``start``."""

    def __init__(self, inner: Reader, start: bytes, fault: Fault) -> None:
        self._inner = inner
        self._start, self._fault = start, fault
        self._reader: FaultReader | None = None

    def reset(self) -> bytes:
        self._reader = None
        return self._inner.reset()

    def transmit(self, apdu: bytes) -> bytes:
        if self._reader is None and apdu.startswith(self._start):
            self._reader = FaultReader(self._inner, {1: self._fault}, sleep=lambda _: None)
            self._start = b"\xff\xff\xff\xff\xff"
        return (self._reader or self._inner).transmit(apdu)

    def close(self) -> None:
        self._inner.close()


@dataclass
class Bench:
    """A card in a tapped slot, a PSAM in another, and the terminal between them."""

    card: Chip
    tap: Tap
    terminal: Terminal
    psam: Chip | None = None

    def open(self) -> Session:
        return self.terminal.open()

    @property
    def state(self) -> dict[Any, Any]:
        return state(self.card)


def bench(
    algorithm: str = "3des",
    *,
    fixture: str = "card-2.0",
    level: str = "city",
    card: Mapping[str, Any] | None = None,
    sam: Mapping[str, Any] | None = None,
    keys: KeySource | None = None,
    keys_by_generation: Mapping[str, tuple[KeyEntry, ...]] | None = None,
    **settings: Any,
) -> Bench:
    """A bench with a PSAM of ``level``, or with ``keys`` instead."""
    settings["keys"] = keys_by_generation or {}
    user = chip(f"{fixture}-{algorithm}", card)
    tap = Tap(InProcessReader(user))
    module = None
    if keys is None:
        module = psam(algorithm, level, sam)
        keys = PsamKeys(InProcessReader(module))
    return Bench(user, tap, Terminal(tap, keys, Settings(clock=lambda: NOW, **settings)), module)


_vault: list[SoftwareVault] = []


def vault() -> SoftwareVault:
    """A ministry's vault with the roots of the fixtures: the name filled with A5, versions 1-3."""
    if not _vault:
        made = SoftwareVault.create(None, "", MINISTRY)
        for entry in {e.name: e for g in ("1.0", "2.0") for e in key_catalogue(g)}.values():
            for version in (1, 2, 3):
                for algorithm in (Algorithm.TDES, Algorithm.SM4):
                    own = Algorithm.DES if algorithm is Algorithm.TDES and entry.length == 8 else algorithm
                    root = f"{entry.name}{version if version > 1 else ''}".encode().ljust(
                        own.key_size, b"\xa5"
                    )
                    definition = KeyDefinition(entry.name, entry.role.value, own, version, entry.scope)
                    made.import_test_key(definition, root[: own.key_size])
        _vault.append(made)
    return _vault[0]


def vault_keys() -> VaultKeys:
    return VaultKeys(vault(), terminal="650100000001")
