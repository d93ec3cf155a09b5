"""Cards and PSAMs from fixture files, for tests, demonstrations and simulators (docs/reference/fixtures.md).

TEST_ONLY: keys come from public strings or stand in the file itself.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from shebaoka.card.card import blank_card
from shebaoka.chip.chip import Chip
from shebaoka.chip.store import MemoryStore
from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.personalization.dialect import key_block, pin_block
from shebaoka.personalization.fixture_keys import TEST_TRANSPORT_KEY, FixtureKeys
from shebaoka.personalization.fixture_psam import build_psam
from shebaoka.personalization.fixture_schema import (
    CardFixture,
    FixtureError,
    Medical,
    PsamFixture,
    read_fixture,
)
from shebaoka.personalization.fixture_values import file_records
from shebaoka.personalization.plan import Contents, FilePlace, Plan
from shebaoka.personalization.structure import LOG_RECORD, PIN_SLOT, card_plan
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.keys import key_catalogue
from shebaoka.spec.layouts import card_layout
from shebaoka.spec.model import CardLayout, KeyEntry

__all__ = ["FixtureError", "build_fixture"]


def build_fixture(source: Path | Mapping[str, Any]) -> Chip:
    """A card or PSAM in memory, as the fixture file (or its content as a mapping) says. Save it with
    ``chip.store.save(path)``.

    Raises FixtureError with one line (file, place, reason), OSError when the file cannot be read.
    """
    fixture, name = read_fixture(source)
    folder = source.parent if isinstance(source, Path) else Path()
    if isinstance(fixture, PsamFixture):
        return build_psam(fixture, name)
    return _CardBuilder(fixture, name, folder).build()


class _CardBuilder:
    def __init__(self, fixture: CardFixture, source: str, folder: Path) -> None:
        self.fixture, self.source = fixture, source
        self.historical = bytes.fromhex(fixture.historical_bytes)
        extensions = tuple(folder / path for path in fixture.extensions)
        try:
            self.layout = card_layout(fixture.layout, extensions, fixture.annex)
            self.catalogue = key_catalogue(fixture.layout, extensions, fixture.annex)
        except ValueError as error:
            raise FixtureError(source, "extensions" if extensions else "layout", str(error)) from error
        self.algorithm = self._algorithm()
        self.keys = FixtureKeys(fixture.keys, fixture.city_code, self.historical, source)
        roles = {entry.role.value for entry in self.catalogue}
        masters = {f"{directory.id}-MK" for directory in self.layout.directories} | {"MF-MK"}
        self.keys.check_names({entry.name for entry in self.catalogue} | masters | roles)

    def build(self) -> Chip:
        fixture = self.fixture
        plan = self._plan()
        transport = SoftwareCipher(self.algorithm, TEST_TRANSPORT_KEY)
        blocks = {PIN_SLOT: transport.encrypt(pin_block(fixture.pin.value))}
        lengths = {entry.name: entry.length for entry in self.catalogue}
        for slot in plan.slots:
            if slot != PIN_SLOT:
                single = self.algorithm is Algorithm.TDES and lengths.get(slot.name) == 8
                algorithm = Algorithm.DES if single else self.algorithm
                blocks[slot] = transport.encrypt(key_block(self.keys.card_key(slot, algorithm)))
        chip = blank_card(
            MemoryStore(),
            historical=self.historical,
            algorithm=self.algorithm,
            transport_key=TEST_TRANSPORT_KEY,
            interface=fixture.interface,
        )
        reader = InProcessReader(chip)
        reader.reset()
        medical = None if fixture.medical is None else _medical(fixture.medical)
        plan.run(reader, transport, blocks, self._contents(), medical)
        chip.reset()
        return chip

    def _plan(self) -> Plan:
        fixture = self.fixture
        log = fixture.medical.log_record_length if fixture.medical else 28
        if log not in LOG_RECORD:
            raise FixtureError(self.source, "medical.log_record_length", "is 20 or 28")
        counts = tuple((entry.name, len(self.keys.versions(entry))) for entry in self.catalogue)
        limits = tuple((entry.name, self.keys.try_limit(entry.name)) for entry in self.catalogue)
        return _plan_for(
            self.layout,
            self.catalogue,
            self.algorithm,
            counts,
            limits,
            (fixture.pin.limit, self._fci(), log, fixture.activated),
        )

    def _algorithm(self) -> Algorithm:
        for algorithm in (Algorithm.TDES, Algorithm.SM4):
            if algorithm.label == self.fixture.algorithm:
                return algorithm
        reason = f'"{self.fixture.algorithm}" cannot be built; give "3DES" or "SM4"'
        raise FixtureError(self.source, "algorithm", reason)

    def _fci(self) -> Algorithm | bool:
        """What the FCI names: the own algorithm, none (old cards), or SSF33 to try a terminal."""
        choices: dict[str, Algorithm | bool] = {"own": True, "none": False, "SSF33": Algorithm.SSF33}
        return choices[self.fixture.fci_algorithm]

    def _contents(self) -> Contents:
        contents: dict[FilePlace, list[bytes]] = {}
        known = {directory.id: directory for directory in self.layout.directories}
        for id_, files in self.fixture.files.items():
            fids = {file.id for file in known[id_].files} if id_ in known else set()
            for fid in files if fids else [""]:
                if fid.upper() not in fids:
                    place = f"files.{id_}" + (f".{fid}" if fid else "")
                    raise FixtureError(self.source, place, f"is no file of a {self.layout.id} card")
        for directory in self.layout.directories:
            given = {fid.upper(): values for fid, values in self.fixture.files.get(directory.id, {}).items()}
            for file in directory.files:
                place = f"files.{directory.id}.{file.id}"
                records = file_records(
                    file, given.get(file.id, {}), place, self.source, blank=self.fixture.blank_records
                )
                if records:
                    contents[FilePlace(directory.id, file.fid)] = records
        return contents


def _medical(medical: Medical) -> bytes:
    """Object 9F02: 23 bytes."""
    return b"".join(
        (
            medical.balance.to_bytes(4),
            medical.load_counter.to_bytes(2),
            medical.purchase_counter.to_bytes(2),
            bytes.fromhex(medical.year),
            bytes.fromhex(medical.start_day),
            bytes((medical.log_record_length,)),
            medical.self_pay.to_bytes(4),
            medical.pooled.to_bytes(4),
        )
    )


@lru_cache(maxsize=32)
def _plan_for(
    layout: CardLayout,
    catalogue: tuple[KeyEntry, ...],
    algorithm: Algorithm,
    counts: tuple[tuple[str, int], ...],
    limits: tuple[tuple[str, int], ...],
    rest: tuple[int, Algorithm | bool, int, bool],
) -> Plan:
    versions, tries = dict(counts), dict(limits)
    pin_limit, fci_algorithm, log_record, activate = rest
    return card_plan(
        layout,
        catalogue,
        algorithm,
        versions=lambda entry: range(1, versions[entry.name] + 1),
        try_limit=tries.__getitem__,
        pin_limit=pin_limit,
        fci_algorithm=fci_algorithm,
        log_record=log_record,
        activate=activate,
    )
