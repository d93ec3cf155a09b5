"""Watches a chip from command to command: what may change, what may be answered."""

from collections.abc import Mapping

from chip.build import Algorithm, Loader
from chip.disk import FakeDisk
from shebaoka.chip.chip import Chip
from shebaoka.chip.errors import PowerLost
from shebaoka.chip.store import FileStore, MemoryStore
from shebaoka.chip.values import (
    ACTIVATED,
    CARD_BLOCKED,
    DIRECTORY_BLOCKED,
    KEY,
    MASTER,
    MASTER_TRIES,
    PIN_TRIES,
    TRANSPORT_KEY,
    TRIES,
    Address,
    Value,
)

_WINDOW = 6
_COUNTERS = {TRIES, PIN_TRIES, MASTER_TRIES}
_PIN_COMMANDS = {0x20, 0x5E, 0x24}


def journalled(built: MemoryStore, disk: FakeDisk) -> FileStore:
    """A file store on a disk in memory with the state of a built chip."""
    store = FileStore(medium=disk)
    store.commit(dict(built.state))
    return store


def key_windows(state: Mapping[Address, Value]) -> set[bytes]:
    """Every run of six bytes of every key in the chip."""
    found: set[bytes] = set()
    for address, value in state.items():
        if isinstance(value, bytes) and (address[0] in (KEY, MASTER) or address == TRANSPORT_KEY):
            key = value[-16:]
            found.update(key[start : start + _WINDOW] for start in range(16 - _WINDOW + 1))
    return found


class Watch(Loader):
    """A loader whose every exchange is checked."""

    def __init__(self, chip: Chip, algorithm: Algorithm, disk: FakeDisk) -> None:
        super().__init__(chip, algorithm)
        self.disk = disk
        self.windows = key_windows(chip.state)
        self.torn = 0

    def send(self, command: bytes | str) -> tuple[bytes, int]:
        raw = bytes.fromhex(command) if isinstance(command, str) else command
        before = dict(self.chip.state)
        written = self.disk.appends
        try:
            answer, word = super().send(raw)
        except PowerLost:
            self.torn += 1
            self.chip.reset()
            self._check_changes(raw, before, None)
            return b"", 0
        assert self.disk.appends <= written + 1, "a command writes once"
        self.check_answer(answer)
        self._check_changes(raw, before, word)
        return answer, word

    def check_answer(self, answer: bytes) -> None:
        for start in range(len(answer) - _WINDOW + 1):
            assert answer[start : start + _WINDOW] not in self.windows

    def _check_changes(self, raw: bytes, before: dict[Address, Value], word: int | None) -> None:
        after = self.chip.state
        changed = {a for a in before.keys() | after.keys() if before.get(a) != after.get(a)}
        if word is not None and word >> 8 != 0x90:
            assert all(address[0] in _COUNTERS for address in changed)
            assert not changed or word >> 4 == 0x63C or word == 0x6988
        for address in changed:
            self._check_change(address, raw, before.get(address), after.get(address), word)

    def _check_change(
        self, address: Address, raw: bytes, old: Value | None, new: Value | None, word: int | None
    ) -> None:
        kind = address[0]
        assert address not in (CARD_BLOCKED, ACTIVATED) or old is None
        assert kind not in (DIRECTORY_BLOCKED,) or old is None
        if kind in _COUNTERS and isinstance(old, int) and isinstance(new, int):
            assert 0 <= new <= 15
            if new > old:
                assert word in (0x9000, None)
                assert raw[1] in (_PIN_COMMANDS if kind == PIN_TRIES else {0x82, 0xD8})
            else:
                assert new == old - 1


def tear(chip: Chip, phase: str | None) -> None:
    """Arm a cut of power for the next command, or not."""
    if phase is not None:
        chip.tear_at(1, phase)
