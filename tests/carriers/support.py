"""Bodies with their vaults, and carriers for them, in memory or in files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from shebaoka.carriers.control import load_control_key
from shebaoka.carriers.export import Export, export_keys
from shebaoka.carriers.identity import Identity
from shebaoka.carriers.importing import Import, Pins, import_keys
from shebaoka.carriers.issue import issue_carrier
from shebaoka.carriers.keys import set_up_carriers
from shebaoka.chip.chip import Chip
from shebaoka.chip.store import FileStore, MemoryStore, Store
from shebaoka.chip.values import CONTENT, MASTER_TRIES, PIN_TRIES
from shebaoka.crypto.ciphers import BlockCipher, SoftwareCipher
from shebaoka.psam.carrier.carrier import blank_carrier, open_carrier
from shebaoka.psam.carrier.state import (
    CONTROL_TRIES,
    LOG_FID,
    MASTER_CONTROL,
    MOTHER,
    TRANSMISSION,
    USE_LIMIT,
    USES_LEFT,
)
from shebaoka.reader.base import Reader
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.hierarchy import set_up_ministry
from shebaoka.vault.model import MINISTRY, Body, KeyHandle
from shebaoka.vault.software import SoftwareVault
from vault.support import ENTRIES, PROVINCE

BLANK_KEY = b"TEST_ONLY-CARR-T"
HISTORICAL = bytes.fromhex("00810102039999000000000001")
MOMENT = datetime(2026, 3, 4, 5, 6, 7)
PINS = {MASTER_CONTROL: "314159", MOTHER: "27182818", TRANSMISSION: "1414213"}
SERIALS = {MASTER_CONTROL: "9900000000000001", MOTHER: "9900000000000002", TRANSMISSION: "9900000000000003"}
_COUNTED = ((PIN_TRIES, 0, 0, 0), (MASTER_TRIES, 0, 0, 0), (CONTENT, 0, LOG_FID, 0))
SUITES = (Algorithm.TDES, Algorithm.SM4)


def blank(kind: str, suite: Algorithm, store: Store | None = None) -> Chip:
    return blank_carrier(
        store or MemoryStore(), kind, historical=HISTORICAL, algorithm=suite, transport_key=BLANK_KEY
    )


def transport(suite: Algorithm) -> BlockCipher:
    return SoftwareCipher(suite, BLANK_KEY)


def identity(kind: str, suite: Algorithm, owner: Body = PROVINCE, issuer: Body = MINISTRY) -> Identity:
    return Identity(kind, SERIALS[kind], issuer, owner, suite, date(2026, 1, 2), "SEAL-0007", test_only=True)


@dataclass
class World:
    """A ministry with keys, an empty province, and the three carriers issued for it."""

    suite: Algorithm
    ministry: SoftwareVault
    province: SoftwareVault
    chips: dict[str, Chip] = field(default_factory=dict)
    wrap: Callable[[str, Reader], Reader] = lambda _, reader: reader

    def reader(self, kind: str) -> Reader:
        return self.wrap(kind, InProcessReader(self.chips[kind]))

    def issue(self, kind: str, uses: int = 3, *, marked: bool = True, **changes: Body) -> Identity:
        own = replace(identity(kind, self.suite, **changes), test_only=marked)
        return issue_carrier(self.reader(kind), self.ministry, own, PINS[kind], uses, transport(self.suite))

    def export(self, handles: Sequence[KeyHandle] | None = None) -> Export:
        return export_keys(self.ministry, self.reader(MOTHER), self.reader(TRANSMISSION), PROVINCE, handles)

    def control(self) -> None:
        load_control_key(self.province, self.reader(MASTER_CONTROL), PINS[MASTER_CONTROL], moment=MOMENT)

    def take_in(self, **changes: object) -> Import:
        pins = Pins(PINS[MOTHER], PINS[TRANSMISSION])
        return import_keys(
            self.province,
            self.reader(MOTHER),
            self.reader(TRANSMISSION),
            pins,
            moment=MOMENT,
            **changes,  # type: ignore[arg-type]
        )


def vaults(suite: Algorithm, folder: Path | None = None) -> tuple[SoftwareVault, SoftwareVault]:
    """A ministry with its keys and a province without any; in files of this folder, or in memory."""
    made = [
        SoftwareVault.create(folder and folder / name, "" if folder is None else "open sesame", body, work=4)
        for name, body in (("ministry", MINISTRY), ("province", PROVINCE))
    ]
    set_up_ministry(made[0], ENTRIES, suite)
    set_up_carriers(made[0], suite)
    set_up_carriers(made[1], suite)
    for vault in made:
        vault.save()
    return made[0], made[1]


def world(suite: Algorithm = Algorithm.SM4, folder: Path | None = None, *, uses: int = 3) -> World:
    """Everything up to the moment before the export."""
    ministry, province = vaults(suite, folder)
    own = World(suite, ministry, province)
    for kind in (MASTER_CONTROL, MOTHER, TRANSMISSION):
        own.chips[kind] = blank(kind, suite, None if folder is None else FileStore(folder / kind))
        own.issue(kind, uses)
    return own


def exported(suite: Algorithm = Algorithm.SM4, *, uses: int = 3) -> World:
    """Everything up to the moment before the import."""
    own = world(suite, uses=uses)
    own.export()
    own.control()
    return own


def twin(chip: Chip) -> Chip:
    """The same card at the same moment."""
    return open_carrier(MemoryStore(dict(chip.state)))


def content(own: World) -> tuple[object, ...]:
    """What must not change when something is refused: all but counted tries, uses and their log."""
    counted = {USES_LEFT, CONTROL_TRIES, *_COUNTED}
    chips = {
        kind: {address: value for address, value in chip.state.items() if address not in counted}
        for kind, chip in own.chips.items()
    }
    return chips, own.province.handles()


def uses(own: World, kind: str) -> int:
    """How many uses a card has had; its log and its counter say the same."""
    state = own.chips[kind].state
    left, limit, log = state[USES_LEFT], state[USE_LIMIT], state[CONTENT, 0, LOG_FID, 0]
    assert isinstance(left, bytes)
    assert isinstance(limit, bytes)
    assert isinstance(log, tuple)
    used = int.from_bytes(limit) - int.from_bytes(left)
    assert [int.from_bytes(record[:2]) for record in log] == list(range(used, 0, -1))
    return used
