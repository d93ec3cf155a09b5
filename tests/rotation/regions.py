"""A ministry, a province and a city with vaults in files, keys that go down on carriers, cards and PSAMs."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from carriers.support import BLANK_KEY, MOMENT, PINS, SERIALS, blank
from personalization.support import CITY_CODE, PERSON, VARIANTS, line_of, product
from shebaoka.card.card import open_card
from shebaoka.carriers.control import load_control_key
from shebaoka.carriers.export import export_keys
from shebaoka.carriers.identity import Identity
from shebaoka.carriers.importing import Pins, import_keys
from shebaoka.carriers.issue import issue_carrier
from shebaoka.carriers.keys import set_up_carriers
from shebaoka.chip.chip import Chip
from shebaoka.chip.store import MemoryStore
from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.journal.file import JournalFile
from shebaoka.personalization.fixture_keys import TEST_TRANSPORT_KEY
from shebaoka.personalization.psam_levels import load_level
from shebaoka.personalization.psams import PsamOrder, make_psam
from shebaoka.psam.carrier.state import MASTER_CONTROL, MOTHER, TRANSMISSION
from shebaoka.psam.psam import blank_psam
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.keys import key_catalogue
from shebaoka.spec.layouts import card_layout
from shebaoka.spec.model import Scope
from shebaoka.terminal.keys import KeySource
from shebaoka.terminal.psam_keys import PsamKeys
from shebaoka.terminal.session import Session
from shebaoka.terminal.settings import Settings
from shebaoka.terminal.terminal import Terminal
from shebaoka.vault import lifecycle
from shebaoka.vault.hierarchy import set_up_city, set_up_ministry, set_up_province
from shebaoka.vault.lifecycle import Approval
from shebaoka.vault.model import MINISTRY, Body, KeyHandle, Level
from shebaoka.vault.software import SoftwareVault
from shebaoka.vault.states import KeyState

SUITE = Algorithm.SM4
PASSPHRASE = "open sesame"
PROVINCE = Body(Level.PROVINCE, "98", "示例甲省")
CITY = Body(Level.CITY, CITY_CODE, "示例甲市")
APPROVAL = Approval("陈一", ("李二", "王三"), "年度轮换")
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
CATALOGUE = key_catalogue("3.0")
ONE_VERSION = tuple(msgspec.structs.replace(entry, versions=1) for entry in CATALOGUE)


@dataclass
class Regions:
    ministry: SoftwareVault
    province: SoftwareVault
    city: SoftwareVault
    folder: Path

    @property
    def all(self) -> tuple[SoftwareVault, ...]:
        return self.ministry, self.province, self.city

    def book(self, vault: SoftwareVault) -> JournalFile:
        path = self.folder / f"{vault.owner.level}.jsonl"
        return JournalFile.open(path) if path.exists() else JournalFile.create(path, str(vault.owner.level))

    def rotate(self, vault: SoftwareVault) -> tuple[KeyHandle, ...]:
        with self.book(vault) as book:
            return lifecycle.rotate(vault, SUITE, APPROVAL, NOON, book=book)

    def change(self, vault: SoftwareVault, version: int, state: KeyState) -> None:
        chosen = [
            handle
            for handle in vault.handles()
            if handle.version == version and handle.usage not in lifecycle.FIXED_USAGES
        ]
        with self.book(vault) as book:
            lifecycle.change_states(vault, chosen, state, APPROVAL, NOON, book=book)

    def raise_minimum(self, vault: SoftwareVault, version: int) -> None:
        names = [handle.name for handle in vault.handles() if handle.version == version]
        with self.book(vault) as book:
            lifecycle.raise_minimums(vault, names, SUITE, version, APPROVAL, NOON, book=book)

    def carry(self) -> None:
        """All that may go down: ministry, province, city, each by new carriers."""
        _carry(self.ministry, self.province)
        _carry(self.province, self.city)

    def card(self, serial: int) -> Chip:
        own = product(VARIANTS[1])
        made = line_of(own, card_layout(own.layout), CATALOGUE, self.city, tuple(PERSON))
        return made.made(made.card(serial=serial))

    def psam(self, number: int, version: int = 1, beside: tuple[int, ...] = ()) -> Chip:
        order = PsamOrder.numbered(f"{CITY_CODE}{number:06}", date(2026, 1, 1), date(2036, 1, 1))
        order = PsamOrder(
            order.terminal,
            order.historical,
            order.start,
            order.expiry,
            order.issuer,
            key_version=version,
            beside=beside,
            suites=(SUITE,),
        )
        chip = blank_psam(
            MemoryStore(),
            historical=order.historical,
            algorithm=SUITE,
            transport_key=TEST_TRANSPORT_KEY,
        )
        reader = InProcessReader(chip)
        reader.reset()
        make_psam(reader, order, self.ministry, lambda suite: SoftwareCipher(suite, TEST_TRANSPORT_KEY))
        for vault, scope in ((self.ministry, Scope.NATION), (self.province, Scope.PROVINCE)):
            entries = [entry for entry in CATALOGUE if entry.scope is scope]
            for application in (None, *beside):
                load_level(reader, vault, entries, SUITE, CITY_CODE, version=application)
        return chip


def regions(folder: Path) -> Regions:
    """Every body with version 1 of its keys, received from above on carriers."""
    vaults = [
        SoftwareVault.create(folder / f"{body.level}.vault", PASSPHRASE, body, work=4)
        for body in (MINISTRY, PROVINCE, CITY)
    ]
    for vault, set_up in zip(vaults, (set_up_ministry, set_up_province, set_up_city), strict=True):
        set_up(vault, ONE_VERSION, SUITE)
        set_up_carriers(vault, SUITE)
        vault.save()
    own = Regions(vaults[0], vaults[1], vaults[2], folder)
    own.carry()
    return own


def terminal(card: Chip, keys: Chip | KeySource) -> Session:
    """The card at a terminal with this PSAM or key source."""
    source = PsamKeys(InProcessReader(keys)) if isinstance(keys, Chip) else keys
    return Terminal(InProcessReader(card), source, Settings()).open()


def twin(card: Chip) -> Chip:
    return open_card(MemoryStore(dict(card.state)))


def _carry(upper: SoftwareVault, lower: SoftwareVault) -> None:
    chips = {kind: blank(kind, SUITE) for kind in (MASTER_CONTROL, MOTHER, TRANSMISSION)}
    for kind, chip in chips.items():
        identity = Identity(
            kind,
            SERIALS[kind],
            upper.owner,
            lower.owner,
            SUITE,
            date(2026, 1, 2),
            "SEAL-0007",
            test_only=True,
        )
        transport = SoftwareCipher(SUITE, BLANK_KEY)
        issue_carrier(InProcessReader(chip), upper, identity, PINS[kind], 3, transport)
    readers = {kind: InProcessReader(chip) for kind, chip in chips.items()}
    export_keys(upper, readers[MOTHER], readers[TRANSMISSION], lower.owner)
    load_control_key(lower, readers[MASTER_CONTROL], PINS[MASTER_CONTROL], moment=MOMENT)
    pins = Pins(PINS[MOTHER], PINS[TRANSMISSION])
    import_keys(lower, readers[MOTHER], readers[TRANSMISSION], pins, moment=MOMENT)
