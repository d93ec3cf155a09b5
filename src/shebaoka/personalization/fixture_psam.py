"""PSAM of a fixture: two environments, master and loading keys, keys of any level (Part 9 §5, §6).

TEST_ONLY. MF-MK, DDF-MK, ADF-MK and KID-01...03 are the roots themselves, not diversified.
"""

import msgspec

from shebaoka.chip.chip import Chip
from shebaoka.chip.store import MemoryStore
from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.personalization.dialect import OPEN, KeyFunction, KeyHeader, key_block
from shebaoka.personalization.fixture_keys import TEST_TRANSPORT_KEY, FixtureKeys
from shebaoka.personalization.fixture_schema import Environment, FixtureError, PsamFixture, PsamKey
from shebaoka.personalization.fixture_values import file_records
from shebaoka.personalization.plan import (
    Contents,
    Directory,
    FilePlace,
    KeySlot,
    branch_plan,
    finish_plan,
    master_header,
)
from shebaoka.psam.psam import blank_psam
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.keys import key_catalogue, psam_master_keys
from shebaoka.spec.layouts import psam_layout
from shebaoka.spec.model import DirectoryLayout, KeyEntry, PsamEnvironment, Scope

_LEVEL_FILES = {Scope.NATION: 0x11, Scope.PROVINCE: 0x12, Scope.CITY: 0x13}
_STEPS_OF_LEVEL = {"nation": 3, "province": 2, "city": 1}
_ROOT_FIDS = {"sx1": 0xDD01, "sx2": 0xDDF1}
_TERMINAL_FILE, _SEQUENCE_FILE = 0x0016, 0x0019


def build_psam(fixture: PsamFixture, source: str) -> Chip:
    """A PSAM in memory. Raises FixtureError."""
    return _PsamBuilder(fixture, source).build()


class _PsamBuilder:
    def __init__(self, fixture: PsamFixture, source: str) -> None:
        self.fixture, self.source = fixture, source
        self.historical = bytes.fromhex(fixture.historical_bytes)
        self.keys = FixtureKeys(fixture.keys, fixture.city_code, self.historical, source)
        self.catalogue = {entry.name: entry for g in ("1.0", "2.0") for entry in key_catalogue(g, annex=True)}
        self.masters = {entry.name: entry for entry in psam_master_keys()}
        self.keys.check_names({*self.catalogue, *self.masters})
        self.layouts = {environment.id: environment for environment in psam_layout().environments}

    def build(self) -> Chip:
        environments = self.fixture.environments
        for id_ in environments:
            if id_ not in self.layouts:
                names = ", ".join(self.layouts)
                raise FixtureError(self.source, f"environments.{id_}", f"is none of {names}")
        if not environments:
            raise FixtureError(self.source, "environments", "a PSAM needs at least one")
        algorithms = {id_: self._algorithm(id_, e) for id_, e in environments.items()}
        first = algorithms[next(iter(environments))]
        chip = blank_psam(
            MemoryStore(), historical=self.historical, algorithm=first, transport_key=TEST_TRANSPORT_KEY
        )
        reader = InProcessReader(chip)
        reader.reset()
        root = SoftwareCipher(first, TEST_TRANSPORT_KEY)
        for id_, environment in environments.items():
            self._environment(reader, root, self.layouts[id_], environment, algorithms[id_])
        finish = finish_plan(master_header(first)) if self.fixture.activated else None
        if finish:
            finish.run(reader, root, {s: self._wrapped(root, s, first) for s in finish.slots})
        chip.reset()
        return chip

    def _environment(
        self,
        reader: InProcessReader,
        root: SoftwareCipher,
        layout: PsamEnvironment,
        environment: Environment,
        algorithm: Algorithm,
    ) -> None:
        transport = SoftwareCipher(algorithm, TEST_TRANSPORT_KEY)
        ddf = DirectoryLayout(
            id=f"{_ROOT_FIDS[layout.id]:04X}", name=layout.name, aid=layout.aid, files=layout.files
        )
        psam_keys = self._psam_keys(environment, algorithm)
        headers = [(slot, header) for slot, header, _ in psam_keys]
        blocks = {slot: transport.encrypt(key_block(value)) for slot, _, value in psam_keys}
        for name, entry in self.masters.items():
            if entry.identifier is not None:
                header = KeyHeader(
                    KeyFunction.PSAM_LEVEL_MASTER, entry.identifier, 1, algorithm, self.keys.try_limit(name)
                )
                headers.append((KeySlot(name), header))
        plan = branch_plan(
            Directory(
                ddf,
                master=(KeySlot("DDF-MK"), master_header(algorithm)),
                fci_algorithm=algorithm,
                dir_sfi=psam_layout().dir_sfi,
            ),
            [Directory(layout.application, headers, (KeySlot("ADF-MK"), master_header(algorithm)))],
            {name: e.identifier for name, e in self.masters.items() if e.identifier is not None},
            dialect=OPEN,
        )
        for slot in plan.slots:
            if slot not in blocks:
                blocks[slot] = self._wrapped(transport, slot, algorithm)
        plan.run(reader, transport, blocks, self._contents(ddf, layout), root=root)

    def _wrapped(self, transport: SoftwareCipher, slot: KeySlot, algorithm: Algorithm) -> bytes:
        return transport.encrypt(self.keys.level_key(slot, algorithm, 0))

    def _psam_keys(
        self, environment: Environment, algorithm: Algorithm
    ) -> list[tuple[KeySlot, KeyHeader, bytes]]:
        found: dict[tuple[int, int], tuple[KeySlot, KeyHeader, bytes]] = {}
        for key in (*self._catalogue_keys(environment.catalogue), *environment.keys):
            entry = self.catalogue.get(key.name)
            if entry is None:
                raise FixtureError(self.source, f"environments: key {key.name}", "is no key of the catalogue")
            usage, id_ = int(key.usage, 16), int(key.id, 16)
            single = algorithm is Algorithm.TDES and entry.length == 8
            own = Algorithm.DES if single else algorithm
            purchase = usage & 0x1F == 2
            header = KeyHeader(
                KeyFunction.PSAM_KEY,
                identifier=0 if purchase else id_,
                version=id_ if purchase else key.version,
                algorithm=own,
                index=usage,
                flags=int(key.file, 16) & 0xFF,
            )
            slot = KeySlot(f"{key.name}:{key.usage.upper()}{key.id.upper()}", key.version)
            found[(usage, id_)] = (slot, header, self._value(key, own, usage))
        return list(found.values())

    def _value(self, key: PsamKey, algorithm: Algorithm, usage: int) -> bytes:
        if key.value:
            return self.keys.explicit_value(key.value, algorithm, f"environments: key {key.name}")
        steps = 3 - (usage >> 5)
        if not 0 <= steps <= 2:
            reason = f"usage {key.usage}: the upper three bits say 1 to 3 diversification steps"
            raise FixtureError(self.source, f"environments: key {key.name}", reason)
        return self.keys.level_key(KeySlot(key.name, key.version), algorithm, steps)

    def _catalogue_keys(self, level: str) -> list[PsamKey]:
        """Every catalogue key that a PSAM holds, as roots of ``level``; purchase keys in all versions."""
        if not level:
            return []
        steps = _STEPS_OF_LEVEL[level]
        keys = []
        for entry in self.catalogue.values():
            if entry.psam_type is None or entry.psam_id is None:
                continue
            usage = f"{steps << 5 | entry.psam_type:02X}"
            for version in range(1, entry.versions + 1) if entry.psam_type == 2 else (1,):
                id_ = version if entry.psam_type == 2 else entry.psam_id
                keys.append(_catalogue_key(entry, usage, id_, version))
        return keys

    def _algorithm(self, id_: str, environment: Environment) -> Algorithm:
        for algorithm in (Algorithm.TDES, Algorithm.SM4):
            if algorithm.label == environment.algorithm:
                return algorithm
        raise FixtureError(self.source, f"environments.{id_}.algorithm", 'give "3DES" or "SM4"')

    def _contents(self, ddf: DirectoryLayout, layout: PsamEnvironment) -> Contents:
        """File contents; terminal number and sequence come from their own entries."""
        application = layout.application
        contents: dict[FilePlace, list[bytes]] = {
            FilePlace(application.id, _SEQUENCE_FILE): [(self.fixture.next_sequence - 1).to_bytes(4)],
        }
        for id_, directory in (("DDF", ddf), ("DF01", application)):
            given = {fid.upper(): values for fid, values in self.fixture.files.get(id_, {}).items()}
            for file in directory.files:
                place = FilePlace(directory.id, file.fid)
                if file.fid == _TERMINAL_FILE:
                    contents[place] = [bytes.fromhex(self.fixture.terminal_number)]
                elif place not in contents and file.sfi != psam_layout().dir_sfi:
                    values = given.get(file.id, {})
                    records = file_records(file, values, f"files.{id_}.{file.id}", self.source, blank=False)
                    contents |= {place: records} if records else {}
        return contents


def _catalogue_key(entry: KeyEntry, usage: str, id_: int, version: int) -> PsamKey:
    file = _LEVEL_FILES[entry.scope]
    key = PsamKey(name=entry.name, usage=usage, id=f"{id_:02X}", file=f"{file:04X}")
    return msgspec.structs.replace(key, version=version)
