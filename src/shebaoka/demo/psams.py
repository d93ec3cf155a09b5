"""PSAMs issued from vaults: the tree first, then each level loads its own keys (Part 9 §5, §9.4-9.5).

A level proves its loading key (KID-01 ministry, KID-02 province, KID-03 city) and sends CREATE KEY under the
application's master key. Nobody sees the keys of another level.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from shebaoka.chip.chip import Chip
from shebaoka.chip.store import MemoryStore
from shebaoka.codec.digits import encode_cn
from shebaoka.crypto.ciphers import BlockCipher, SoftwareCipher
from shebaoka.crypto.factors import card_factor, city_factor, province_factor
from shebaoka.crypto.formulas import authentication_data, session_key
from shebaoka.demo.hierarchy import Region, World
from shebaoka.personalization.dialect import KeyFunction, KeyHeader
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
from shebaoka.spec.keys import psam_master_keys
from shebaoka.spec.layouts import psam_layout
from shebaoka.spec.model import DirectoryLayout, KeyEntry, PsamEnvironment, Scope
from shebaoka.vault.catalogue import SUITES
from shebaoka.vault.model import KeyHandle, Level
from shebaoka.vault.psam import KEY_FILES, usage_byte
from shebaoka.vault.software import SoftwareVault

TRANSPORT_KEY = b"TEST_ONLY-PSAM-T"
_MF = KeySlot("MF-MK")
_ORIGINAL = bytes(range(8))
_PURCHASE_TYPE = 2
_DIRECTORY_IDS = {"sx1": "DD01", "sx2": "DDF1"}
_KID_TRIES = 3
_SCOPE_LEVEL = {Scope.NATION: Level.NATION, Scope.PROVINCE: Level.PROVINCE, Scope.CITY: Level.CITY}


@dataclass(frozen=True)
class Loading:
    """A level that loads keys: its vault, the factors from its master keys to the city's, its loading key."""

    vault: SoftwareVault
    factors: tuple[bytes, ...]
    loading_key: str
    identifier: int

    @property
    def level(self) -> Level:
        """Level of the body."""
        return self.vault.owner.level


class PsamIssueError(RuntimeError):
    """The PSAM refused a command: says which one."""


class PsamIssuer:
    """Issues PSAMs for the terminals of one city."""

    def __init__(self, world: World, region: Region) -> None:
        self._world, self._region = world, region
        code = region.data.city.code
        province, city = province_factor(code), city_factor(code)
        self._levels = {
            Level.NATION: Loading(world.ministry, (province, city), "KID-01", 1),
            Level.PROVINCE: Loading(region.province, (city,), "KID-02", 2),
            Level.CITY: Loading(region.city, (), "KID-03", 3),
        }

    def full(self, number: int) -> Chip:
        """A PSAM with every key at the level of its root: national keys (6x) open cards of the whole country,
        provincial ones (4x) of the province, city ones (2x) of the city."""
        return self._issue(number, {level: _roots(self._region.catalogue(), level) for level in self._levels})

    def local(self, number: int) -> Chip:
        """A PSAM with all keys at city level (2x): it serves cards of its city only."""
        return self._issue(number, {Level.CITY: list(self._region.catalogue())})

    def _issue(self, number: int, keys: dict[Level, list[KeyEntry]]) -> Chip:
        terminal = f"{self._region.data.city.code}{number:06d}"
        historical = bytes.fromhex(f"00814A44460099{self._region.data.city.code[:4]}{number:08d}")
        first = SUITES[0]
        chip = blank_psam(MemoryStore(), historical=historical, algorithm=first, transport_key=TRANSPORT_KEY)
        reader = InProcessReader(chip)
        reader.reset()
        root = SoftwareCipher(first, TRANSPORT_KEY)
        for environment, suite in zip(psam_layout().environments, SUITES, strict=True):
            self._tree(reader, root, environment, suite, terminal)
            for level, entries in keys.items():
                self._load(reader, environment, self._levels[level], entries, suite)
        finish_plan(master_header(first)).run(reader, root, {_MF: self._card_master(historical, first, root)})
        reader.close()
        return chip

    def _tree(
        self,
        reader: InProcessReader,
        root: BlockCipher,
        environment: PsamEnvironment,
        suite: Algorithm,
        terminal: str,
    ) -> None:
        """Directories, files, master keys: everything but the keys for cards."""
        ddf = DirectoryLayout(
            id=_DIRECTORY_IDS[environment.id],
            name=environment.name,
            aid=environment.aid,
            files=environment.files,
        )
        masters = {key.name: key.identifier for key in psam_master_keys() if key.identifier is not None}
        headers = [
            (KeySlot(name), KeyHeader(KeyFunction.PSAM_LEVEL_MASTER, identifier, 1, suite, _KID_TRIES))
            for name, identifier in masters.items()
        ]
        plan = branch_plan(
            Directory(
                ddf,
                master=(KeySlot("DDF-MK"), master_header(suite)),
                fci_algorithm=suite,
                dir_sfi=psam_layout().dir_sfi,
            ),
            [Directory(environment.application, headers, (KeySlot("ADF-MK"), master_header(suite)))],
            masters,
        )
        transport = SoftwareCipher(suite, TRANSPORT_KEY)
        blocks = {slot: self._master_block(slot.name, suite, transport) for slot in plan.slots}
        plan.run(reader, transport, blocks, _contents(ddf, environment, terminal), root=root)

    def _master_block(self, name: str, suite: Algorithm, transport: BlockCipher) -> bytes:
        """A key of the PSAM itself as the level that will use it knows it: KID-01 the ministry's root, KID-02
        the province's sub-key, KID-03 and the master keys the city's."""
        steps = {"KID-01": 0, "KID-02": 1}.get(name, 2)
        ministry = self._levels[Level.NATION]
        handle = ministry.vault.find(name, 1, suite)
        return ministry.vault.wrap_for_chip(handle, ministry.factors[:steps], transport)

    def _card_master(self, historical: bytes, suite: Algorithm, transport: BlockCipher) -> bytes:
        """The master key of the whole PSAM: the city's, diversified by the PSAM's own number."""
        vault = self._region.city
        return vault.wrap_for_chip(vault.find(_MF.name, 1, suite), [card_factor(historical)], transport)

    def _load(
        self,
        reader: InProcessReader,
        environment: PsamEnvironment,
        loading: Loading,
        entries: Iterable[KeyEntry],
        suite: Algorithm,
    ) -> None:
        """One level loads its keys."""
        _send(reader, _select(bytes.fromhex(environment.aid)))
        _send(reader, _select(bytes.fromhex(environment.application.aid)))
        vault = loading.vault
        challenge = _send(reader, bytes.fromhex("0084000008"))
        session = session_key(vault.cipher(vault.find(loading.loading_key, 1, suite)), challenge)
        proof = authentication_data(session, _ORIGINAL) + _ORIGINAL
        _send(reader, bytes((0x00, 0x82, 0x00, loading.identifier, len(proof))) + proof)
        master = vault.cipher(vault.find("ADF-MK", 1, suite), *loading.factors)
        header = bytes((0x84, 0xD4, 0x00, KEY_FILES[loading.level]))
        for entry in entries:
            for handle, identifier in _handles(vault, entry, suite):
                command = vault.psam_loading(
                    handle,
                    usage_byte(loading.level, entry.psam_type or 0),
                    identifier,
                    master=master,
                    challenge=_send(reader, bytes.fromhex("0084000004")),
                    header=header,
                )
                _send(reader, command)


def _roots(catalogue: Iterable[KeyEntry], level: Level) -> list[KeyEntry]:
    return [entry for entry in catalogue if _SCOPE_LEVEL[entry.scope] is level]


def _handles(vault: SoftwareVault, entry: KeyEntry, suite: Algorithm) -> Iterable[tuple[KeyHandle, int]]:
    """The keys a PSAM holds for an entry: purchase keys in all versions (the identifier is the version), the
    others in version 1."""
    if entry.psam_type is None or entry.psam_id is None:
        return
    if entry.psam_type == _PURCHASE_TYPE:
        for version in range(1, entry.versions + 1):
            yield vault.find(entry.name, version, suite), version
    else:
        yield vault.find(entry.name, 1, suite), entry.psam_id


def _contents(ddf: DirectoryLayout, environment: PsamEnvironment, terminal: str) -> Contents:
    information = bytes.fromhex("0101" + "20200101" + "20991231")
    contents = {
        FilePlace(ddf.id, 0x0015): [
            bytes.fromhex(terminal[:2])
            + encode_cn(f"{terminal[:6]}{int(terminal):014d}", 10)
            + b"\x01\x03\x00\x01"
        ],
        FilePlace(ddf.id, 0x0016): [bytes.fromhex(terminal)],
        FilePlace(environment.application.id, 0x0019): [bytes(4)],
    }
    for fid in (0x001A, 0x001B, 0x001C):
        contents[FilePlace(environment.application.id, fid)] = [information]
    return contents


def _select(name: bytes) -> bytes:
    return b"\x00\xa4\x04\x00" + bytes((len(name),)) + name


def _send(reader: InProcessReader, command: bytes) -> bytes:
    answer = reader.transmit(command)
    if answer[-2:] != b"\x90\x00" and answer[-2] != 0x61:
        word = answer[-2:].hex().upper()
        raise PsamIssueError(f"command {command[:4].hex().upper()}: the PSAM answered {word}")
    return answer[:-2]
